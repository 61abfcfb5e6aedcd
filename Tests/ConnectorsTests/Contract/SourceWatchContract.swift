import Ingest
import Testing

extension WatchingTests {
    /// What a source must notice by itself, and how it must end.
    @Suite("Source contract: watching", .timeLimit(.minutes(1)))
    struct SourceWatchContract {
        @Test(arguments: SourceKind.allCases)
        func documentIsFollowedThroughItsLife(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                try await place.watching { receiver in
                    try await receiver.until { $0.checks == 1 }
                    try await place.put("a", "one")
                    let new = try await receiver.until { $0.paths == ["a"] }
                    let id = try #require(new.id(of: "a"))
                    try await place.put("a", "another")
                    let fingerprint = new.documents[id]?.fingerprint
                    try await receiver.until { $0.documents[id]?.fingerprint != fingerprint }
                    try await place.move("a", to: "d/b")
                    let moved = try await receiver.until { $0.paths == ["d/b"] }
                    #expect(moved.id(of: "d/b") == id)
                    #expect(moved.documents[id]?.name == "b")
                    try await place.delete("d/b")
                    let gone = try await receiver.until { $0.paths == [] }
                    #expect(gone.changes.last == .removed(id))
                }
            }
        }

        @Test(arguments: SourceKind.allCases)
        func newDocumentInTheSamePlaceHasANewID(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                try await place.put("a", "first")
                try await place.watching { receiver in
                    let first = try await receiver.until { $0.checks == 1 }
                    try await place.delete("a")
                    try await receiver.until { $0.paths == [] }
                    try await place.put("a", "second")
                    let second = try await receiver.until { $0.paths == ["a"] }
                    #expect(second.id(of: "a") != first.id(of: "a"))
                }
            }
        }

        @Test(arguments: SourceKind.allCases)
        func fullQueueHoldsTheSourceBackAndLosesNothing(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                for number in 0..<20 { try await place.put("old \(number)", "text") }
                let receiver = RecordingReceiver()
                await receiver.setFull(true)
                try await place.watching(into: receiver) { receiver in
                    // One offer waits; as long as it does, no other is made and the check does not end.
                    try await receiver.until { $0.held > 0 }
                    for number in 0..<20 { try await place.put("new \(number)", "text") }
                    let held = await receiver.record
                    #expect(held.changes.isEmpty)
                    #expect(held.held == 1)
                    #expect(held.checks == 0)
                    await receiver.setFull(false)
                    let record = try await receiver.until { $0.paths.count == 40 && $0.checks > 0 }
                    #expect(record.paths.allSatisfy { record.offers(of: $0) == 1 })
                }
            }
        }

        @Test(arguments: SourceKind.allCases)
        func queueThatStopsEndsTheRun(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                try await place.put("a", "text")
                let receiver = RecordingReceiver()
                await receiver.setFull(true)
                // `watching` cancels while the offer waits, which the offer then says by its error.
                let record = try await place.watching(into: receiver) { try await $0.until { $0.held > 0 } }
                #expect(record.changes.isEmpty)
                let again = try await place.check()
                #expect(again.paths == ["a"])
            }
        }

        @Test(arguments: SourceKind.allCases)
        func cancelledSourceSaysNothingMore(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                try await place.put("a", "text")
                let receiver = RecordingReceiver()
                let record = try await place.watching(into: receiver) { try await $0.until { $0.checks == 1 } }
                try await place.put("b", "text")
                try await place.delete("a")
                let next = try await place.check(known: record.ledger)
                #expect(next.paths == ["b"])
                #expect(await receiver.record.changes == record.changes)
            }
        }
    }
}
