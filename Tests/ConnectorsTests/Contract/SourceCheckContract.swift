import Foundation
import Ingest
import Testing

extension WatchingTests {
    /// What a source must find out by looking: at the start, after a restart, and when its place cannot be read.
    @Suite("Source contract: checks", .timeLimit(.minutes(1)))
    struct SourceCheckContract {
        @Test(arguments: SourceKind.allCases)
        func everythingIsOfferedOnceBeforeTheFirstCheckEnds(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                let paths = ["a.txt", "d/b.txt", "d/e/c.txt"]
                for path in paths { try await place.put(path, path) }
                let record = try await place.check()
                #expect(record.paths == Set(paths))
                #expect(record.changes.count == 3)
                #expect(record.events.first == .checkStarted)
                guard case .checkFinished(let next, _, _)? = record.events.last else {
                    Issue.record("the check did not end: \(record.events)")
                    return
                }
                #expect(next > Date())
            }
        }

        @Test(arguments: SourceKind.allCases)
        func oneCheckOffersEverythingAndEnds(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                for path in ["a.txt", "d/b.txt", "d/e/c.txt"] { try await place.put(path, path) }
                let first = RecordingReceiver()
                try await place.source().checkOnce(known: [], held: [:], into: first)
                let record = await first.record
                #expect(record.paths == ["a.txt", "d/b.txt", "d/e/c.txt"])
                #expect(record.events.first == .checkStarted && record.checks == 1)

                try await place.put("d/b.txt", "changed")
                try await place.move("a.txt", to: "z.txt")
                try await place.delete("d/e/c.txt")
                let second = RecordingReceiver(known: record.ledger)
                try await place.source().checkOnce(known: record.ledger, held: [:], into: second)
                #expect(await second.record.paths == ["d/b.txt", "z.txt"])
                #expect(await second.record.id(of: "z.txt") == record.id(of: "a.txt"))

                let third = RecordingReceiver(known: await second.record.ledger)
                try await place.source().checkOnce(known: await second.record.ledger, held: [:], into: third)
                #expect(await third.record.changes.isEmpty)
            }
        }

        @Test(arguments: SourceKind.allCases)
        func oneCheckOfAPlaceThatCannotBeReadEndsAndRemovesNothing(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                try await place.put("a.txt", "a")
                let known = try await place.check().ledger
                try await place.hide()
                let receiver = RecordingReceiver(known: known)
                try await place.source().checkOnce(known: known, held: [:], into: receiver)
                #expect(await receiver.record.isUnavailable)
                #expect(await receiver.record.changes.isEmpty)
                try await place.show()
            }
        }

        @Test(arguments: SourceKind.allCases)
        func emptyPlaceIsCheckedToo(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                let record = try await place.check()
                #expect(record.changes.isEmpty)
            }
        }

        @Test(arguments: SourceKind.allCases)
        func documentsAreDescribedAsPeopleKnowThem(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                try await place.put("Größe & mehr/a b.txt", "content")
                let record = try await place.check()
                let document = try #require(record.documents.values.first)
                #expect(document.id.pipeline == (try place.source().pipeline.id))
                #expect(!document.id.file.isEmpty)
                #expect(document.path == "Größe & mehr/a b.txt")
                #expect(document.name == "a b.txt")
                #expect(document.size == nil || document.size == 7)
                #expect(!document.fingerprint.isEmpty)
                let url = try #require(URL(string: document.url))
                #expect(["file", "https"].contains(url.scheme))
            }
        }

        @Test(arguments: SourceKind.allCases)
        func documentsAreToldApartByIDAlone(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                for path in ["README.md", "one/README.md", "two/README.md"] { try await place.put(path, "the same") }
                let record = try await place.check()
                #expect(Set(record.documents.keys).count == 3)
                #expect(record.paths.count == 3)
            }
        }

        @Test(arguments: SourceKind.allCases)
        func whatTheLedgerKnowsIsNotOfferedAgain(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                for path in ["a", "d/b"] { try await place.put(path, path) }
                let first = try await place.check()
                let second = try await place.check(known: first.ledger)
                #expect(second.changes.isEmpty)
            }
        }

        @Test(arguments: SourceKind.allCases)
        func whatChangedWhileNobodyWatchedIsFound(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                for path in ["same", "changed", "moved", "deleted"] { try await place.put(path, path) }
                let before = try await place.check()
                try await place.put("changed", "something else")
                try await place.move("moved", to: "d/elsewhere")
                try await place.delete("deleted")
                try await place.put("new", "new")
                let after = try await place.check(known: before.ledger)
                #expect(after.paths == ["same", "changed", "d/elsewhere", "new"])
                #expect(after.changes.count == 4)
                #expect(after.id(of: "changed") == before.id(of: "changed"))
                #expect(after.id(of: "d/elsewhere") == before.id(of: "moved"))
                let deleted = try #require(before.id(of: "deleted"))
                #expect(after.changes.contains(.removed(deleted)))
                let changed = try #require(before.id(of: "changed"))
                #expect(after.documents[changed]?.fingerprint != before.documents[changed]?.fingerprint)
            }
        }

        @Test(arguments: SourceKind.allCases)
        func placeThatCannotBeReadAtTheStartHasNotLostAnything(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                for path in ["a", "b"] { try await place.put(path, path) }
                let before = try await place.check()
                try await place.hide()
                try await place.watching(known: before.ledger) { receiver in
                    let hidden = try await receiver.until { $0.isUnavailable }
                    #expect(hidden.changes.isEmpty)
                    #expect(hidden.checks == 0)
                    try await place.show()
                    let after = try await receiver.until { $0.checks == 1 }
                    #expect(after.changes.isEmpty)
                }
            }
        }

        @Test(arguments: SourceKind.allCases)
        func placeThatGoesAwayIsUnavailableUntilTheNextCheckEnds(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                for path in ["a", "b"] { try await place.put(path, path) }
                try await place.watching { receiver in
                    let before = try await receiver.until { $0.checks == 1 }
                    try await place.hide()
                    let hidden = try await receiver.until { $0.isUnavailable }
                    #expect(hidden.paths == ["a", "b"])
                    #expect(hidden.unavailableMessage?.isEmpty == false)
                    try await place.show()
                    try await place.put("c", "c")
                    let after = try await receiver.until { $0.checks == 2 && $0.paths.count == 3 }
                    #expect(after.paths == ["a", "b", "c"])
                    #expect(after.id(of: "a") == before.id(of: "a"))
                    #expect(after.changes.count == 3)
                }
            }
        }
    }
}
