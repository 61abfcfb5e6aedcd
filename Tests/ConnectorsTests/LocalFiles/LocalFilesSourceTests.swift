import Connectors
import Foundation
import Glibc
import Ingest
import Testing

extension WatchingTests {
    /// The real thing: files, inotify, threads.
    @Suite("Local files", .timeLimit(.minutes(1)))
    struct LocalFilesSourceTests: WatchingSuite {
        let folder: TemporaryFolder

        init() throws { self.folder = try TemporaryFolder() }

        @Test func checkAtStartOffersWhatIsThere() async throws {
            try self.folder.makeDirectory("d/e")
            for name in ["a.txt", "d/b.txt", "d/e/c.txt", ".hidden", "d/x.tmp"] { try self.folder.write(name) }
            try self.folder.age()
            let record = try await self.watching(self.source()) { try await $0.until { $0.checks == 1 } }
            #expect(record.paths == ["a.txt", "d/b.txt", "d/e/c.txt"])
            #expect(record.changes.count == 3)
            #expect(record.events.first == .checkStarted)
            let document = try #require(record.documents.values.first { $0.path == "d/e/c.txt" })
            #expect(document.name == "c.txt")
            #expect(document.url == "file://\(self.folder.path)/d/e/c.txt")
            #expect(document.size == 4)
        }

        @Test func fileIsFollowedThroughItsLife() async throws {
            try await self.watching(self.source()) { [folder] receiver in
                try await receiver.until { $0.checks == 1 }
                try folder.write("a", "one")
                var record = try await receiver.until { $0.paths == ["a"] }
                let id = record.id(of: "a")
                try folder.write("a", "three")
                try await receiver.until { $0.documents.values.first?.size == 5 }
                try folder.rename("a", to: "b")
                record = try await receiver.until { $0.paths == ["b"] }
                #expect(record.id(of: "b") == id)
                try FileManager.default.copyItem(atPath: folder.path("b"), toPath: folder.path("c"))
                record = try await receiver.until { $0.paths == ["b", "c"] }
                #expect(record.id(of: "c") != id)
                try folder.remove("b")
                record = try await receiver.until { $0.paths == ["c"] }
                #expect(record.changes.count == 5)
                #expect(record.checks == 1)
            }
        }

        @Test func openFileIsOfferedWhenItHasBeenQuiet() async throws {
            try await self.watching(self.source()) { [folder] receiver in
                try await receiver.until { $0.checks == 1 }
                let file = try folder.open(Array("a".utf8), flags: O_WRONLY | O_CREAT)
                defer { close(file) }
                #expect(Glibc.write(file, "12", 2) == 2)
                let record = try await receiver.until { $0.paths == ["a"] }
                #expect(record.documents.values.first?.size == 2)
            }
        }

        @Test(arguments: ["rename", "truncate", "backup", "link"])
        func savingIsOneOfferOfTheFinalContent(_ way: String) async throws {
            try self.folder.write("a", "old")
            try self.folder.age()
            try await self.watching(self.source(settle: .seconds(20))) { [folder] receiver in
                let before = try await receiver.until { $0.checks == 1 }
                switch way {
                case "rename":
                    try folder.write("a.new", "newer")
                    try folder.rename("a.new", to: "a")
                case "truncate":
                    try folder.write("a", "newer")
                case "backup":
                    try folder.rename("a", to: "a~")
                    try folder.write("a", "newer")
                    try folder.remove("a~")
                default:
                    try folder.remove("a")
                    try folder.write("a", "newer")
                }
                try await receiver.until { $0.documents.values.first?.size == 5 }
                try folder.write("marker")
                let record = try await receiver.until { $0.paths == ["a", "marker"] }
                #expect(record.changes.count == 3)
                #expect(record.id(of: "a") == before.id(of: "a"))
            }
        }

        @Test func directoriesAreFollowedThroughTheirLives() async throws {
            let outside = try TemporaryFolder()
            try outside.makeDirectory("tree/deep/deeper")
            for name in ["tree/a", "tree/deep/b", "tree/deep/deeper/c"] { try outside.write(name) }
            try outside.age()
            try await self.watching(self.source(settle: .seconds(20))) { [folder] receiver in
                try await receiver.until { $0.checks == 1 }
                #expect(Glibc.rename(outside.path("tree"), folder.path("tree")) == 0)
                let moved = try await receiver.until { $0.paths.count == 3 }
                try folder.rename("tree/deep", to: "tree/renamed")
                var record = try await receiver.until {
                    $0.paths == ["tree/a", "tree/renamed/b", "tree/renamed/deeper/c"]
                }
                #expect(record.id(of: "tree/renamed/deeper/c") == moved.id(of: "tree/deep/deeper/c"))
                // The watches went along.
                try folder.write("tree/renamed/deeper/d")
                try await receiver.until { $0.paths.contains("tree/renamed/deeper/d") }
                #expect(Glibc.rename(folder.path("tree/renamed"), outside.path("gone")) == 0)
                record = try await receiver.until { $0.paths == ["tree/a"] }
                try outside.write("gone/deeper/e")
                try folder.remove("tree")
                record = try await receiver.until { $0.paths == [] }
                try folder.write("marker")
                record = try await receiver.until { $0.paths == ["marker"] }
                #expect(record.offers(of: "tree/renamed/deeper/e") == 0)
                #expect(record.checks == 1)
            }
        }

        @Test func treeMadeAsFastAsPossibleIsOfferedWholeAndOnce() async throws {
            try await self.watching(self.source(settle: .seconds(1))) { [folder] receiver in
                try await receiver.until { $0.checks == 1 }
                var expected: Set<String> = []
                for number in 0..<200 {
                    let directory = "r\(number % 10)/s\(number % 50)/t/u\(number)/v"
                    try folder.makeDirectory(directory)
                    for name in ["a", "b"] {
                        try folder.write("\(directory)/\(name)")
                        expected.insert("\(directory)/\(name)")
                    }
                }
                let all = expected
                try await receiver.until { $0.paths == all }
                try folder.write("marker")
                let record = try await receiver.until { $0.paths.contains("marker") }
                #expect(all.filter { record.offers(of: $0) != 1 } == [])
                #expect(record.checks == 1)
            }
        }

        @Test func restartOffersOnlyWhatChangedMeanwhile() async throws {
            try self.folder.makeDirectory("d")
            for name in ["same", "changed", "moved", "deleted", "d/inside"] { try self.folder.write(name, name) }
            try self.folder.age()
            let first = try await self.watching(self.source()) { try await $0.until { $0.checks == 1 } }
            let second = try await self.watching(self.source(), known: first.ledger) {
                try await $0.until { $0.checks == 1 }
            }
            #expect(second.changes.isEmpty)

            try self.folder.write("changed", "other")
            try self.folder.age(Array("changed".utf8))
            try self.folder.rename("d", to: "e")
            try self.folder.rename("moved", to: "e/moved")
            try self.folder.remove("deleted")
            let third = try await self.watching(self.source(), known: first.ledger) {
                try await $0.until { $0.checks == 1 }
            }
            #expect(third.paths == ["same", "changed", "e/moved", "e/inside"])
            #expect(third.changes.count == 4)
            #expect(third.id(of: "e/moved") == first.id(of: "moved"))
            #expect(third.id(of: "e/inside") == first.id(of: "d/inside"))
            #expect(third.id(of: "changed") == first.id(of: "changed"))
        }

        @Test func overflowIsMadeUpForByACheck() async throws {
            try await self.watching(self.source(pendingLimit: 4)) { [folder] receiver in
                try await receiver.until { $0.checks == 1 }
                for number in 0..<300 { try folder.write("\(number)") }
                try await receiver.until { $0.paths.count == 300 }
            }
        }

        @Test func fullQueueLosesNothing() async throws {
            try await self.watching(self.source()) { [folder] receiver in
                try await receiver.until { $0.checks == 1 }
                await receiver.setFull(true)
                for number in 0..<100 { try folder.write("\(number)") }
                for number in 50..<100 { try folder.remove("\(number)") }
                await receiver.setFull(false)
                try folder.write("marker")
                let expected = Set((0..<50).map(String.init) + ["marker"])
                try await receiver.until { $0.paths == expected }
            }
        }

        @Test func folderThatGoesAndComesBackLosesNothing() async throws {
            try self.folder.makeDirectory("root")
            for name in ["root/a", "root/b"] { try self.folder.write(name) }
            try self.folder.age()
            let source = try self.source(path: self.folder.path("root"))
            try await self.watching(source) { [folder] receiver in
                let before = try await receiver.until { $0.checks == 1 }
                try folder.rename("root", to: "away")
                let message =
                    "cannot watch '\(folder.path("root"))': no such directory; "
                    + "create it, mount it, or correct 'path'"
                try await receiver.until { $0.unavailableMessage == message }
                try folder.remove("away/b")
                try folder.rename("away", to: "root")
                let after = try await receiver.until { $0.checks == 2 }
                #expect(after.paths == ["a"])
                #expect(after.id(of: "a") == before.id(of: "a"))
                try folder.write("root/c")
                try await receiver.until { $0.paths == ["a", "c"] }
            }
        }

        @Test func folderThatIsMissingAtTheStartIsWaitedFor() async throws {
            let source = try self.source(path: self.folder.path("not/yet"))
            try await self.watching(source) { [folder] receiver in
                try await receiver.until { !$0.events.isEmpty && $0.events.last != .checkStarted }
                try folder.makeDirectory("not/yet")
                try await receiver.until { $0.checks == 1 }
                try folder.write("not/yet/a")
                try await receiver.until { $0.paths == ["a"] }
            }
        }

        @Test func fileAsAFolderIsUnavailable() async throws {
            try self.folder.write("file")
            let record = try await self.watching(self.source(path: self.folder.path("file"))) { receiver in
                try await receiver.until { $0.events.count == 2 }
            }
            let message = "cannot watch '\(self.folder.path("file"))': it is not a directory; correct 'path'"
            #expect(record.events.first == .checkStarted)
            #expect(record.unavailableMessage == message)
        }

        @Test func cancellingEndsTheWaitAtOnce() async throws {
            let clock = ContinuousClock()
            var end = clock.now
            try await self.watching(self.source()) { receiver in
                try await receiver.until { $0.checks == 1 }
                end = clock.now
            }
            #expect(clock.now - end < .seconds(10))
        }
    }
}
