import Ingest

/// In what a place and the ledger of its pipeline differ.
struct PlaceDifference: Sendable {
    /// In which way a file differs; the raw values are what `corpusd verify --json` says.
    enum Kind: String, Sendable, CaseIterable {
        /// There is a file that the ledger does not know.
        case notInLedger = "not_in_ledger"
        /// A file is not what, or not where, the ledger says.
        case outdated
        /// The ledger knows a file that is not there.
        case fileMissing = "file_missing"
        /// Files are gone, so many at once that a person must decide.
        case held
        /// The content of a file that looks unchanged is not what was stored.
        case contentAltered = "content_altered"
        /// A file that looks unchanged cannot be read.
        case unreadable
        /// The place, or a part of it, cannot be read; nothing is concluded about it.
        case placeUnreadable = "place_unreadable"
    }

    struct File: Sendable {
        var kind: Kind
        var path: String
        var detail: String?
    }

    /// Of one kind, so many are named; all are counted.
    static let namedLimit = 100

    let pipeline: PipelineID
    private(set) var files: [File] = []
    private(set) var counts: [Kind: Int] = [:]
    /// Documents whose content is not what was stored although nothing else says so.
    private(set) var altered: [DocumentID] = []
    /// Documents that a person has let go and that are yet to be removed; no difference.
    var leaving = 0

    init(
        _ pipeline: PipelineID,
        findings: SourceSurvey.Findings,
        known: [LedgerEntry],
        held: [DocumentID: HeldDeletion.State]
    ) {
        self.pipeline = pipeline
        let paths = Dictionary(
            known.map { ($0.document.id, $0.document.path) },
            uniquingKeysWith: { first, _ in first }
        )
        if let problem = findings.problem { self.add(File(kind: .placeUnreadable, path: "", detail: problem)) }
        for change in findings.changes {
            switch change {
            case .upserted(let document):
                let isKnown = paths[document.id] != nil
                self.add(File(kind: isKnown ? .outdated : .notInLedger, path: document.path))
            case .removed(let id):
                self.add(File(kind: .fileMissing, path: paths[id] ?? id.file))
            }
        }
        let stillHeld = held.filter { $0.value == .held && !findings.released.contains($0.key) }.keys
        for id in Set(findings.held).union(stillHeld) { self.add(File(kind: .held, path: paths[id] ?? id.file)) }
    }

    /// Hashes every file that looks unchanged.
    ///
    /// - Parameters:
    ///   - source: Where the files are.
    ///   - known: What the ledger says of them.
    ///   - findings: What looks changed.
    ///   - report: Told how many of `known` have been dealt with.
    mutating func compareContents(
        of source: any Source,
        known: [LedgerEntry],
        findings: SourceSurvey.Findings,
        report: (Int) -> Void
    ) async {
        let changed = Set(findings.changes.map(\.document) + findings.held)
        for (index, entry) in known.enumerated() {
            report(index)
            guard let hash = entry.contentHash, !changed.contains(entry.document.id), findings.problem == nil else {
                continue
            }
            do {
                let content = try await source.fetch(entry.document)
                await source.release(content)
                guard content.contentHash != hash else { continue }
                self.altered.append(entry.document.id)
                self.add(File(kind: .contentAltered, path: entry.document.path))
            } catch {
                self.add(File(kind: .unreadable, path: entry.document.path, detail: "\(error)"))
            }
        }
    }

    private mutating func add(_ file: File) {
        let count = self.counts[file.kind, default: 0] + 1
        self.counts[file.kind] = count
        if count <= Self.namedLimit { self.files.append(file) }
    }
}
