package import Config
import FoundationEssentials
import Ingest
package import Logging
import Storage

/// Compares the places, the ledger and the store: `corpusd verify`.
///
/// Without mending it only reads, also while the daemon runs. Mending needs the database for itself, asks for files
/// again rather than guess, and removes a document only where a check of its place would: never for a place, or a part of
/// one, that cannot be read, and never many at once.
package struct Verification: Sendable {
    private let config: Config
    private let pipeline: String?
    private let isDeep: Bool
    private let logger: Logger

    /// - Parameters:
    ///   - config: What the file says.
    ///   - pipeline: The only one whose place to compare; nil for all.
    ///   - isDeep: Whether the content of every file, every passage and every vector is read.
    ///   - logger: For what a person must act upon.
    package init(config: Config, pipeline: String?, isDeep: Bool, logger: Logger) {
        self.config = config
        self.pipeline = pipeline
        self.isDeep = isDeep
        self.logger = logger
    }

    /// Compares, and changes nothing.
    ///
    /// - Parameter report: Told of every step.
    /// - Returns: What was found.
    /// - Throws: Why it could not be compared.
    package func compare(_ report: (PassProgress) -> Void = { _ in }) async throws -> VerificationReport {
        let store = try await self.open(.readOnly)
        report(.comparing)
        let findings = try await self.findings(of: store)
        let places = try await self.places(store, report)
        try await store.close()
        return VerificationReport(store: findings, places: places.map(\.difference), isDeep: self.isDeep)
    }

    /// Compares, mends what it can, and compares again.
    ///
    /// - Parameter report: Told of every step.
    /// - Returns: What was found at the end, and what was mended.
    /// - Throws: Why it could not be done; `StoreError.inUse` while a daemon runs.
    package func repair(_ report: (PassProgress) -> Void = { _ in }) async throws -> VerificationReport {
        let store = try await self.open(.readWrite)
        do {
            report(.comparing)
            let before = try await store.verify(isDeep: self.isDeep, comparesFullText: true)
            let requeued = before.isSound ? 0 : try await store.repair(before)
            var mended = VerificationReport.Mended(faults: before.counts, requeued: requeued)
            for place in try await self.places(store, report) {
                try await self.mend(place, in: store, counting: &mended)
            }
            report(.comparing)
            let after = try await store.verify(isDeep: self.isDeep, comparesFullText: true)
            let places = try await self.places(store, report).map(\.difference)
            try await store.close()
            return VerificationReport(store: after, places: places, isDeep: self.isDeep, mended: mended)
        } catch {
            try? await store.close()
            throw error
        }
    }

    /// Every word of the full-text index can only be compared by who may write: not while the daemon runs.
    private func findings(of store: SQLiteStore) async throws -> StoreFindings {
        guard self.isDeep else { return try await store.verify(isDeep: false, comparesFullText: false) }
        do {
            let writer = try await self.open(.readWrite)
            let findings = try await writer.verify(isDeep: true, comparesFullText: true)
            try await writer.close()
            return findings
        } catch StoreError.inUse, StoreError.notPermitted, StoreError.readOnlyFileSystem {
            return try await store.verify(isDeep: true, comparesFullText: false)
        }
    }

    /// What a place was found to be like, with what it is to be mended by.
    private struct Place {
        var difference: PlaceDifference
        var removed: [DocumentID]
        var held: [DocumentID]
        var released: [DocumentID]
    }

    private func places(_ store: SQLiteStore, _ report: (PassProgress) -> Void) async throws -> [Place] {
        var places: [Place] = []
        for pipeline in self.config.pipelines where self.pipeline == nil || pipeline.id == self.pipeline {
            let source = try self.config.source(pipeline, mustBeReadable: false, isBeside: true, logger: self.logger)
            report(.looking(at: pipeline.id))
            let ledger = try await store.ledger(of: source.pipeline.id)
            // What a person has let go is not missing: it only has not been removed yet.
            let confirmed = Set(try await store.confirmedDeletions(in: source.pipeline.id))
            let known = ledger.filter { !confirmed.contains($0.document.id) }
            let held = try await store.heldStates(in: source.pipeline.id)
            let findings = try await source.survey(
                known: known,
                held: held,
                cursor: try await store.cursor(of: source.pipeline.id)
            )
            var difference = PlaceDifference(source.pipeline.id, findings: findings, known: ledger, held: held)
            let returned = Set(
                findings.changes.compactMap { if case .upserted(let file) = $0 { file.id } else { nil } })
            let leaving = confirmed.subtracting(returned)
            difference.leaving = leaving.count
            if self.isDeep {
                await difference.compareContents(of: source, known: known, findings: findings) { read in
                    report(.reading(read, of: known.count, in: pipeline.id))
                }
            }
            places.append(
                Place(
                    difference: difference,
                    removed: leaving
                        + findings.changes.compactMap { if case .removed(let id) = $0 { id } else { nil } },
                    held: findings.held,
                    released: findings.released
                )
            )
        }
        return places
    }

    /// Does what the next check of the place would do with what is gone.
    private func mend(
        _ place: Place,
        in store: SQLiteStore,
        counting mended: inout VerificationReport.Mended
    ) async throws {
        let pipeline = place.difference.pipeline
        for id in place.removed where try await store.remove(id) != nil { mended.removed += 1 }
        if !place.held.isEmpty {
            _ = try await store.hold(place.held, in: pipeline, since: .now)
            mended.held += place.held.count
        }
        if !place.released.isEmpty { _ = try await store.release(place.released, in: pipeline) }
        for id in place.difference.altered {
            guard var entry = try await store.entry(for: id) else { continue }
            entry.document.fingerprint = ""
            entry.contentHash = nil
            _ = try await store.record(entry)
            mended.requeued += 1
        }
    }

    private func open(_ access: SQLiteStore.Access) async throws -> SQLiteStore {
        try await self.config.openStore(for: nil, access: access, logger: self.logger)
    }
}
