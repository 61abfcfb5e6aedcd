import Foundation
import Ingest
import Testing

/// Documents whose files are gone, and what becomes of them.
@Suite("Store contract: held deletions")
struct StoreHoldContract {
    private static let pipeline = Fixtures.pipeline

    private static func fill(_ store: any Store, _ files: String...) async throws {
        for file in files { _ = try await store.replace(with: Fixtures.version(file, texts: ["text of \(file)"])) }
    }

    private static func states(_ store: any Store) async throws -> [String] {
        try await store.heldDeletions(in: Self.pipeline, limit: 100).map { "\($0.document.file) \($0.state.rawValue)" }
    }

    @Test(arguments: StoreKind.allCases)
    func heldDocumentsStayAsTheyAreAndAreListed(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await Self.fill(store, "a", "b", "c")
            let before = try await store.totals(of: Self.pipeline)
            let totals = try await store.hold(
                [Fixtures.id("b"), Fixtures.id("a"), Fixtures.id("unknown")], in: Self.pipeline, since: Fixtures.start)
            #expect(totals.heldDeletions == 2)
            #expect(totals.documents == 3)
            #expect(totals.revision > before.revision)
            let listed = try await store.heldDeletions(in: Self.pipeline, limit: 10)
            #expect(listed.map(\.document) == [Fixtures.id("a"), Fixtures.id("b")])
            #expect(listed.map(\.path) == ["guides/a.md", "guides/b.md"])
            #expect(listed.allSatisfy { $0.state == .held && $0.since == Fixtures.start })
            #expect(try await store.heldDeletions(in: Self.pipeline, limit: 1).count == 1)
            #expect(try await store.heldDeletions(in: PipelineID("other"), limit: 9) == [])
            #expect(try await store.search(SearchQuery(text: "text", vector: nil, limit: 9)).count == 3)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func holdingTwiceChangesNothing(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await Self.fill(store, "a")
            _ = try await store.hold([Fixtures.id("a")], in: Self.pipeline, since: Fixtures.start)
            let later = Fixtures.start.addingTimeInterval(60)
            let totals = try await store.hold([Fixtures.id("a")], in: Self.pipeline, since: later)
            #expect(totals.heldDeletions == 1)
            #expect(try await store.heldDeletions(in: Self.pipeline, limit: 9).map(\.since) == [Fixtures.start])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func pagesOfHeldDeletionsFollowOneAnotherAndCountAll(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await Self.fill(store, "c", "a", "b", "d")
            let ids = ["a", "b", "c", "d"].map { Fixtures.id($0) }
            _ = try await store.hold([ids[0]], in: Self.pipeline, since: Fixtures.start)
            _ = try await store.keepHeld(in: Self.pipeline)
            _ = try await store.hold(Array(ids[1...]), in: Self.pipeline, since: Fixtures.start)
            var query = HeldDeletionQuery(pipelines: [Self.pipeline, PipelineID("other")], limit: 2)
            let first = try await store.heldDeletions(query)
            #expect(first.deletions.map(\.document.file) == ["c", "a"])
            #expect(first.deletions.map(\.path) == ["guides/c.md", "guides/a.md"])
            #expect(first.counts == [Self.pipeline: [.held: 3, .kept: 1]])
            query.after = try #require(first.next)
            let second = try await store.heldDeletions(query)
            #expect(second.deletions.map(\.document.file) == ["b", "d"])
            #expect(second.next == nil && second.counts == first.counts)
            let kept = try await store.heldDeletions(HeldDeletionQuery(pipelines: [Self.pipeline], state: .kept))
            #expect(kept.deletions.map(\.document.file) == ["a"])
            #expect(try await store.heldDeletions(HeldDeletionQuery(pipelines: [])).deletions == [])
            let other = HeldDeletionQuery(pipelines: [PipelineID("other")])
            #expect(try await store.heldDeletions(other) == HeldDeletionPage(deletions: [], counts: [:], next: nil))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func confirmedDeletionsAreToBeDoneUntilTheyAreDoneOrWithdrawn(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await Self.fill(store, "a", "b", "c", "d")
            let ids = ["a", "b", "c", "d"].map { Fixtures.id($0) }
            _ = try await store.hold([ids[0]], in: Self.pipeline, since: Fixtures.start)
            _ = try await store.keepHeld(in: Self.pipeline)
            _ = try await store.hold([ids[1], ids[2]], in: Self.pipeline, since: Fixtures.start)
            let confirmed = try await store.confirmHeld(in: Self.pipeline, includingKept: false)
            #expect(Set(confirmed.documents) == [ids[1], ids[2]])
            #expect(confirmed.totals.heldDeletions == 0 && confirmed.totals.documents == 4)
            #expect(try await Self.states(store) == ["a kept"])
            #expect(try await store.confirmHeld(in: Self.pipeline, includingKept: false).documents == [])
            #expect(try await store.confirmHeld(in: Self.pipeline, includingKept: true).documents == [ids[0]])
            #expect(try await store.confirmHeld(in: PipelineID("other"), includingKept: true).documents == [])
            #expect(try await store.confirmedDeletions(in: Self.pipeline) == [ids[0], ids[1], ids[2]])
            try await store.withdrawConfirmation(of: ids[0])
            try await store.withdrawConfirmation(of: ids[3])
            _ = try await store.remove(ids[1])
            #expect(try await store.confirmedDeletions(in: Self.pipeline) == [ids[2]])
            #expect(try await store.confirmedDeletions(in: PipelineID("other")) == [])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func releasedAndRemovedDocumentsAreNotOnHold(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await Self.fill(store, "a", "b", "c")
            let all = ["a", "b", "c"].map { Fixtures.id($0) }
            _ = try await store.hold(all, in: Self.pipeline, since: Fixtures.start)
            #expect(try await store.release([all[0], Fixtures.id("x")], in: Self.pipeline).heldDeletions == 2)
            #expect(try await store.remove(all[1])?.totals.heldDeletions == 1)
            #expect(try await Self.states(store) == ["c held"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func keptDocumentsAreListedAndNotCounted(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await Self.fill(store, "a", "b")
            _ = try await store.hold([Fixtures.id("a")], in: Self.pipeline, since: Fixtures.start)
            #expect(try await store.keepHeld(in: Self.pipeline).heldDeletions == 0)
            // What is kept is not asked about again; what goes later is.
            let both = [Fixtures.id("a"), Fixtures.id("b")]
            #expect(try await store.hold(both, in: Self.pipeline, since: Fixtures.start).heldDeletions == 1)
            #expect(try await Self.states(store) == ["a kept", "b held"])
            #expect(try await store.remove(Fixtures.id("a"))?.totals.heldDeletions == 1)
            #expect(try await store.release([Fixtures.id("b")], in: Self.pipeline).heldDeletions == 0)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func newVersionLeavesTheHoldAlone(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await Self.fill(store, "a")
            _ = try await store.hold([Fixtures.id("a")], in: Self.pipeline, since: Fixtures.start)
            let version = Fixtures.version("a", texts: ["other"])
            #expect(try await store.replace(with: version).totals.heldDeletions == 1)
        }
    }
}
