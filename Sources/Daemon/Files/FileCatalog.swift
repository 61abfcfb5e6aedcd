import FoundationEssentials
package import Ingest
package import SocketIO

/// Where the files of the ledger can be listed and given another try: the daemon, or the database without it.
///
/// Answers are the JSON of `GET /api/files` and `POST /api/files/{id}/retry`, whoever gives them.
package protocol FileCatalog: Sendable {
    /// Whether a daemon runs, which does at once what it is asked for.
    var isLive: Bool { get }

    /// A page of files: `files` and `next_cursor`.
    func page(_ query: FileQuery) async throws -> JSONValue

    /// Gives failed files a new start: `retried`, how many they were, and the first 100 of `files`.
    func retry(_ selection: RetrySelection) async throws -> JSONValue

    /// Ends whatever was opened.
    func close() async
}

/// The catalogue of the store itself, for the daemon, and for commands while no daemon runs.
struct StoreCatalog: FileCatalog {
    let store: any Store
    /// Told what is due; without it, the next start of the daemon finds it in the ledger.
    var retries: RetryScheduler?
    /// Told what the store counts then; without it, nobody shows that.
    var board: StatusBoard?
    var closing: @Sendable () async -> Void = {}

    /// Only the daemon has a schedule.
    var isLive: Bool { self.retries != nil }

    func page(_ query: FileQuery) async throws -> JSONValue { Wire.page(try await self.store.files(query)) }

    func retry(_ selection: RetrySelection) async throws -> JSONValue {
        let entries = try await self.store.resetFailures(selection, at: Date())
        self.retries?.schedule(entries)
        if let board = self.board {
            for pipeline in Set(entries.map(\.document.id.pipeline)) {
                let stored = try await self.store.totals(of: pipeline)
                await board.record(IngestEvent(.totalsChanged(stored: stored), in: pipeline, at: Date()))
            }
        }
        return Wire.retried(entries)
    }

    func close() async { await self.closing() }
}
