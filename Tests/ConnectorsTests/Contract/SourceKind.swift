import Ingest
import Testing

/// Every implementation of `Source`; the contract suites run each of their tests on each.
enum SourceKind: String, CaseIterable, CustomTestStringConvertible {
    case localFiles

    var testDescription: String { self.rawValue }

    /// Runs a test on a fresh, empty place.
    func withPlace(_ body: (any SourcePlace) async throws -> Void) async throws {
        switch self {
        case .localFiles: try await body(LocalPlace())
        }
    }
}

/// A place with documents that a test can change, as people would, and that a source can watch.
protocol SourcePlace: Sendable {
    /// A new source that watches the place, as after a restart.
    func source() throws -> any Source

    /// Makes a document or changes the content of the one that is there.
    func put(_ path: String, _ text: String) async throws
    /// Moves or renames a document.
    func move(_ path: String, to target: String) async throws
    func delete(_ path: String) async throws

    /// Makes the whole place unreadable, with everything in it as it was.
    func hide() async throws
    /// Ends `hide`.
    func show() async throws
}

extension SourcePlace {
    /// Runs a source while the body runs, then stops it as the daemon does.
    ///
    /// A source that throws when it is stopped fails the test.
    @discardableResult
    func watching(
        known: [LedgerEntry] = [],
        into receiver: RecordingReceiver? = nil,
        _ body: (RecordingReceiver) async throws -> Void
    ) async throws -> RecordingReceiver.Record {
        let receiver = receiver ?? RecordingReceiver(known: known)
        let source = try self.source()
        let run = Task { try await source.run(known: known, held: [:], into: receiver) }
        do {
            try await body(receiver)
        } catch {
            run.cancel()
            try await run.value
            throw error
        }
        run.cancel()
        try await run.value
        return await receiver.record
    }

    /// Runs a source until its first check has ended.
    func check(known: [LedgerEntry] = []) async throws -> RecordingReceiver.Record {
        try await self.watching(known: known) { try await $0.until { $0.checks == 1 } }
    }
}
