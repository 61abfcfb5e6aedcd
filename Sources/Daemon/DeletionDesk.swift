package import Config
import Ingest
package import Logging
import SocketIO
import Storage

/// Lists and decides deletions that are held, for the command: by the daemon that runs, or else on the database.
package struct DeletionDesk: Sendable {
    private let config: Config
    private let pipelines: [PipelineID]
    private let logger: Logger

    /// - Parameters:
    ///   - config: Names the database and where the daemon listens.
    ///   - pipeline: Of which; nil means all.
    ///   - logger: For what the store has to say.
    package init(config: Config, pipeline: String?, logger: Logger) {
        self.config = config
        self.pipelines = config.pipelines.map(\.id).filter { pipeline == nil || $0 == pipeline }.map { PipelineID($0) }
        self.logger = logger
    }

    /// The documents whose files are gone.
    package func list() async throws -> DeletionReport {
        let store = try await self.open(.readOnly)
        var query = HeldDeletionQuery(pipelines: Set(self.pipelines))
        var all = HeldDeletionPage(deletions: [], counts: [:], next: nil)
        repeat {
            let page = try await store.heldDeletions(query)
            all.deletions += page.deletions
            all.counts = page.counts
            query.after = page.next ?? .max
        } while query.after < .max
        try await store.close()
        return DeletionReport(all, of: self.pipelines)
    }

    /// Lets documents go.
    ///
    /// - Returns: How many.
    package func confirm(includingKept: Bool) async throws -> Int {
        try await self.decide("confirm", ["including_kept": .bool(includingKept)], answer: "confirmed") { store in
            var count = 0
            for pipeline in self.pipelines {
                for deletion in try await store.heldDeletions(in: pipeline, limit: .max)
                where includingKept || deletion.state == .held {
                    count += try await store.remove(deletion.document) == nil ? 0 : 1
                }
            }
            return count
        }
    }

    /// Keeps documents without their files.
    ///
    /// - Returns: How many.
    package func discard() async throws -> Int {
        try await self.decide("discard", [:], answer: "discarded") { store in
            var count = 0
            for pipeline in self.pipelines {
                count += try await store.totals(of: pipeline).heldDeletions
                _ = try await store.keepHeld(in: pipeline)
            }
            return count
        }
    }

    /// Carries a decision out on the database, or lets the daemon do it that has it open.
    private func decide(
        _ decision: String,
        _ parameters: [String: JSONValue],
        answer key: String,
        on body: (SQLiteStore) async throws -> Int
    ) async throws -> Int {
        let store: SQLiteStore
        do {
            store = try await self.open(.readWrite)
        } catch StoreError.inUse {
            var count = 0
            for pipeline in self.pipelines {
                let parameters = parameters.merging(["pipeline_id": .string(pipeline.rawValue)]) { _, new in new }
                count += try await self.ask(decision, .object(parameters), answer: key)
            }
            return count
        }
        let count = try await body(store)
        try await store.close()
        return count
    }

    /// Asks the daemon.
    ///
    /// - Returns: The number that it answers under a key.
    private func ask(_ decision: String, _ parameters: JSONValue, answer key: String) async throws -> Int {
        try await LocalClient.with(self.config) { client in
            try await client.post("/api/deletions/\(decision)", parameters)[key]?.int ?? 0
        }
    }

    /// Opens the database for whichever model made it: nothing is embedded here.
    private func open(_ access: SQLiteStore.Access) async throws -> SQLiteStore {
        try await self.config.openStore(for: nil, access: access, logger: self.logger)
    }
}
