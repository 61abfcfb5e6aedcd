import Connectors
import Foundation
import Glibc
import Ingest
import Testing

extension WatchingTests {
    /// What is read and watched of a real folder, and what is left alone.
    @Suite("Local files: filters and links", .timeLimit(.minutes(1)))
    struct LocalFilesFilterTests: WatchingSuite {
        let folder: TemporaryFolder

        init() throws { self.folder = try TemporaryFolder() }

        /// How many directories the process watches; other suites of this kind do not run beside.
        private static var watchCount: Int {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
            return names.reduce(0) { total, name in
                let text = (try? String(contentsOfFile: "/proc/self/fdinfo/\(name)", encoding: .utf8)) ?? ""
                return total + text.split(separator: "\n").count { $0.hasPrefix("inotify ") }
            }
        }

        @Test func ignoredDirectoriesAreNeverWatched() async throws {
            for directory in ["kept/inside", "ignored/deep/deeper", ".hidden/x", "excluded/y"] {
                try self.folder.makeDirectory(directory)
                try self.folder.write("\(directory)/file")
            }
            try self.folder.write(".corpusignore", "ignored/\n")
            try self.folder.age()
            let source = try self.source(filter: FileFilter(exclude: ["excluded/**"]))
            try await self.watching(source) { [folder] receiver in
                let record = try await receiver.until { $0.checks == 1 }
                #expect(record.paths == ["kept/inside/file"])
                // The folder, 'kept' and 'kept/inside'.
                #expect(Self.watchCount == 3)
                try folder.makeDirectory("ignored/new")
                try folder.write("ignored/new/file")
                try folder.write("marker")
                let later = try await receiver.until { $0.paths.contains("marker") }
                #expect(later.paths == ["kept/inside/file", "marker"])
                #expect(Self.watchCount == 3)
            }
        }

        @Test func rulesTakeEffectWhenTheyChange() async throws {
            for name in ["d/a.txt", "d/b.log", "e/c.log"] {
                try self.folder.makeDirectory(String(name.prefix(1)))
                try self.folder.write(name)
            }
            try self.folder.age()
            try await self.watching(self.source()) { [folder] receiver in
                try await receiver.until { $0.paths.count == 3 && $0.checks == 1 }
                try folder.write("d/.corpusignore", "*.log\n")
                try await receiver.until { $0.paths == ["d/a.txt", "e/c.log"] }
                try folder.rename("d/.corpusignore", to: ".corpusignore")
                try await receiver.until { $0.paths == ["d/a.txt"] }
                try folder.remove(".corpusignore")
                try await receiver.until { $0.paths == ["d/a.txt", "d/b.log", "e/c.log"] }
            }
        }

        @Test func hiddenFilesAreReadWhenTheyAreWanted() async throws {
            try self.folder.makeDirectory(".config")
            for name in [".config/a", ".b", "c", ".corpusignore", ".goutputstream-X", ".nfs0001", ".x.swp"] {
                try self.folder.write(name)
            }
            try self.folder.age()
            let source = try self.source(filter: FileFilter(includesHidden: true))
            let record = try await self.watching(source) { try await $0.until { $0.checks == 1 } }
            #expect(record.paths == [".config/a", ".b", "c"])
        }

        @Test func rulesThatCannotBeReadHideTheirDirectory() async throws {
            try self.folder.makeDirectory("d")
            for name in ["d/a", "b"] { try self.folder.write(name) }
            try self.folder.write("d/.corpusignore", String(repeating: "x\n", count: 40_000))
            try self.folder.age()
            try await self.watching(self.source(checkInterval: .seconds(1))) { [folder] receiver in
                let record = try await receiver.until { $0.checks == 1 }
                #expect(record.paths == ["b"])
                #expect(record.unavailableMessage?.contains("d/.corpusignore': file too large") == true)
                try folder.remove("d/.corpusignore")
                try await receiver.until { $0.paths == ["d/a", "b"] && !$0.isUnavailable }
            }
        }

        @Test func linksAreNotFollowedUnlessThatIsWanted() async throws {
            try self.folder.makeDirectory(".store/v1")
            try self.folder.write(".store/v1/a")
            try self.folder.link(".store/v1", as: "current")
            try self.folder.link(".store/v1/a", as: "a")
            try self.folder.age()
            let plain = try await self.watching(self.source()) { try await $0.until { $0.checks == 1 } }
            #expect(plain.paths == [])
            let following = try self.source(followsLinks: true, pollInterval: .milliseconds(200))
            try await self.watching(following) { [folder] receiver in
                try await receiver.until { $0.paths == ["a", "current/a"] }
                // Behind links nothing is told; it is found by looking again.
                try folder.write(".store/v1/b")
                try folder.write(".store/v1/a", "longer than before")
                let record = try await receiver.until { record in
                    record.paths == ["a", "current/a", "current/b"]
                        && record.documents.values.filter { $0.name == "a" }.allSatisfy { $0.size == 18 }
                }
                let document = try #require(record.documents.values.first { $0.path == "current/a" })
                let content = try await following.fetch(document)
                #expect(content.filePath == folder.path(".store/v1/a"))
                try folder.remove("current")
                try await receiver.until { $0.paths == ["a"] }
            }
        }

        @Test func linksThatLoopOrLeadOutAreRefused() async throws {
            let outside = try TemporaryFolder()
            try outside.makeDirectory("d")
            try outside.write("d/secret")
            try self.folder.makeDirectory("a/b")
            try self.folder.makeDirectory("c")
            for name in ["a/b/file", "c/other"] { try self.folder.write(name) }
            let links = [
                ("loop", "."), ("a/up", ".."), ("a/b/self", "../b"), ("a/c", "../c"), ("c/a", "../a"),
                ("out", outside.path), ("file", outside.path("d/secret")), ("above", "../.."), ("none", "nothing"),
                ("absolute", self.folder.path("c")), ("proc", "/proc/self/root"),
            ]
            for (name, target) in links { try self.folder.link(target, as: name) }
            try self.folder.age()
            let source = try self.source(followsLinks: true)
            let record = try await self.watching(source) { try await $0.until { $0.checks == 1 } }
            #expect(
                record.paths == [
                    "a/b/file", "c/other", "a/c/other", "absolute/other", "c/a/b/file",
                ]
            )
            let id = DocumentID(pipeline: PipelineID("docs"), file: String(repeating: "0", count: 32))
            let leak = SourceDocument(
                id: id, name: "secret", path: "out/d/secret", url: "file://\(self.folder.path)/out/d/secret",
                size: 4, fingerprint: ""
            )
            await #expect(throws: LocalFileError.self) { _ = try await source.fetch(leak) }
        }

        @Test func fileThatWasTooLargeIsOfferedAgainWhenTheLimitIsRaised() async throws {
            try self.folder.write("a", String(repeating: "x", count: 2_000))
            try self.folder.age()
            let first = try await self.watching(self.source(maxFileSize: 1_000)) {
                try await $0.until { $0.checks == 1 }
            }
            let document = try #require(first.documents.values.first)
            let failure = LocalFileError.tooLarge(path: "a", size: 2_000, limit: 1_000)
            let entry = LedgerEntry(
                document: document,
                state: .failed(DocumentFailure(failure, stage: .extraction), attempt: 1, nextAttemptAt: nil),
                contentHash: nil, mediaType: nil, updatedAt: Date()
            )
            #expect(!failure.isTransient)
            for (limit, offers) in [(1_000, 0), (2_000, 1)] {
                let record = try await self.watching(self.source(maxFileSize: limit), known: [entry]) {
                    try await $0.until { $0.checks == 1 }
                }
                #expect(record.changes.count == offers)
            }
        }
    }
}
