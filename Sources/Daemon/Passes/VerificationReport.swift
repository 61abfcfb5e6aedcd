import Ingest
import SocketIO
import Storage

/// What `corpusd verify` found, and what it mended.
package struct VerificationReport: Sendable {
    /// What was done about it.
    struct Mended: Sendable {
        /// Faults of the store that were found before.
        var faults: [StoreFault.Kind: Int] = [:]
        /// Files that the next check processes again.
        var requeued = 0
        /// Documents whose files are gone.
        var removed = 0
        /// Documents that were put on hold: their files are gone, too many at once.
        var held = 0
    }

    private let store: StoreFindings
    private let places: [PlaceDifference]
    private let isDeep: Bool
    private let mended: Mended?

    init(store: StoreFindings, places: [PlaceDifference], isDeep: Bool, mended: Mended? = nil) {
        self.store = store
        self.places = places
        self.isDeep = isDeep
        self.mended = mended
    }

    /// What a program exits with that found differences.
    package static let differenceExit: Int32 = 3

    /// Whether folder, ledger and store agree.
    package var isConsistent: Bool {
        self.store.isSound && self.places.allSatisfy { $0.counts.isEmpty }
    }

    /// Whether nothing is left for a person: after mending, what the next check processes again is no difference.
    package var isSettled: Bool {
        guard self.mended != nil else { return self.isConsistent }
        return Set(self.store.counts.keys).isSubset(of: StoreFault.Kind.mendedByTheirFiles)
            && self.places.allSatisfy { Set($0.counts.keys).isSubset(of: [.notInLedger, .outdated]) }
    }

    /// One line.
    package var json: String {
        let faults = Dictionary(
            uniqueKeysWithValues: self.store.counts.map { ($0.key.rawValue, JSONValue.int($0.value)) }
        )
        var report: [String: JSONValue] = [
            "consistent": .bool(self.isConsistent),
            "deep": .bool(self.isDeep),
            "full_text_compared": .bool(self.store.comparedFullText),
            "store": .object([
                "consistent": .bool(self.store.isSound),
                "counts": .object(faults),
                "faults": .array(self.store.faults.map(Self.fault)),
            ]),
            "pipelines": .array(self.places.map(Self.place)),
            "repaired": .null,
        ]
        if let mended {
            report["repaired"] = .object([
                "faults": .object(
                    Dictionary(uniqueKeysWithValues: mended.faults.map { ($0.key.rawValue, JSONValue.int($0.value)) })
                ),
                "files_requeued": .int(mended.requeued),
                "files_removed": .int(mended.removed),
                "files_held": .int(mended.held),
            ])
        }
        return String(decoding: JSONValue.object(report).encoded(), as: UTF8.self)
    }

    /// Lines for people.
    package var text: String {
        var lines: [String] = []
        if let mended {
            lines += mended.faults.sorted { $0.key.rawValue < $1.key.rawValue }
                .map { "mended: \($0.value) × \($0.key.rawValue)" }
            let (requeued, removed, held) = (mended.requeued, mended.removed, mended.held)
            if requeued > 0 { lines.append("\(requeued.counted("file")) to be processed again by the next check") }
            if removed > 0 { lines.append("\(removed.counted("document")) without a file removed") }
            if held > 0 { lines.append("\(held.counted("document")) kept until 'corpusd deletions' decides") }
        }
        lines += Self.lines(
            self.store.faults.map { ($0.kind.rawValue, $0.path ?? "", $0.detail) },
            counts: self.store.counts.map { ($0.key.rawValue, $0.value) }
        )
        for place in self.places {
            lines += Self.lines(
                place.files.map { ("\(place.pipeline): \($0.kind.rawValue)", $0.path, $0.detail ?? "") },
                counts: place.counts.map { ("\(place.pipeline): \($0.key.rawValue)", $0.value) }
            )
            if place.leaving > 0 {
                lines.append(
                    "\(place.pipeline): \(place.leaving.counted("document")) about to be removed, as was confirmed")
            }
        }
        if self.isConsistent { lines.append("The folders, the ledger and the store agree.") }
        return lines.joined(separator: "\n")
    }

    /// A line for each that is named, and one for those that are only counted.
    private static func lines(_ named: [(String, String, String)], counts: [(String, Int)]) -> [String] {
        let lines = named.map { kind, path, detail in
            TerminalText.printable([kind, path, detail].filter { !$0.isEmpty }.joined(separator: "  "))
        }
        let rest = counts.sorted { $0.0 < $1.0 }.compactMap { kind, count -> String? in
            let unnamed = count - named.count { $0.0 == kind }
            return unnamed > 0 ? "\(kind)  and \(unnamed) more" : nil
        }
        return lines + rest
    }

    private static func fault(_ fault: StoreFault) -> JSONValue {
        .object([
            "kind": .string(fault.kind.rawValue),
            "pipeline_id": Wire.string(fault.document?.pipeline.rawValue),
            "file_id": Wire.string(fault.document?.file),
            "path": Wire.string(fault.path),
            "detail": .string(fault.detail),
        ])
    }

    private static func place(_ place: PlaceDifference) -> JSONValue {
        .object([
            "pipeline_id": .string(place.pipeline.rawValue),
            "consistent": .bool(place.counts.isEmpty),
            "removals_confirmed": .int(place.leaving),
            "counts": .object(
                Dictionary(uniqueKeysWithValues: place.counts.map { ($0.key.rawValue, JSONValue.int($0.value)) })
            ),
            "differences": .array(
                place.files.map { file in
                    .object([
                        "kind": .string(file.kind.rawValue), "path": .string(file.path),
                        "detail": Wire.string(file.detail),
                    ])
                }
            ),
        ])
    }
}
