import Ingest
import Storage
import Testing

/// Every implementation of `Store`; the contract suite runs each of its tests on each.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
    case sqlite

    var testDescription: String { self.rawValue }

    /// Runs a test on a fresh, empty store for `Fixtures.model`.
    func withStore(_ body: (any Store) async throws -> Void) async throws {
        switch self {
        case .sqlite:
            let directory = try TemporaryDirectory()
            let store = try Fixtures.store(at: directory.file("store.db"))
            try await body(store)
            try await store.close()
        }
    }
}
