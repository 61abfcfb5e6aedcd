import Connectors
import Foundation
import Glibc
import Ingest
import Testing

/// What is no document, and what has a difficult name.
extension WatchingTests.LocalFilesSourceTests {
    @Test func linksAndSpecialFilesAreLeftAlone() async throws {
        try self.folder.makeDirectory("d")
        try self.folder.write("d/a")
        try self.folder.link("..", as: "d/loop")
        try self.folder.link("a", as: "d/link")
        try self.folder.link("nowhere", as: "dangling")
        try self.folder.makeFIFO("fifo")
        try self.folder.age()
        try await self.watching(self.source()) { [folder] receiver in
            try await receiver.until { $0.checks == 1 }
            try folder.link("/etc", as: "etc")
            try folder.makeFIFO("fifo2")
            try folder.write("marker")
            let record = try await receiver.until { $0.paths.contains("marker") }
            #expect(record.paths == ["d/a", "marker"])
        }
    }

    @Test func fileThatBecomesAFIFOIsRemoved() async throws {
        try self.folder.write("a")
        try self.folder.age()
        try await self.watching(self.source()) { [folder] receiver in
            try await receiver.until { $0.paths == ["a"] && $0.checks == 1 }
            try folder.makeFIFO("b")
            try folder.rename("b", to: "a")
            try await receiver.until { $0.paths == [] }
        }
    }

    @Test func namesThatAreNoTextAreFollowedAndStable() async throws {
        let names: [[UInt8]] = [[0x61, 0xFF], [0x61, 0xFE], Array("line\nbreak".utf8), Array("%41 ü#?".utf8)]
        for name in names {
            try self.folder.write(name, "content")
            try self.folder.age(name)
        }
        let source = try self.source()
        let first = try await self.watching(source) { try await $0.until { $0.checks == 1 } }
        #expect(first.documents.count == 4)
        #expect(first.paths == ["a\u{FFFD}", "line\nbreak", "%41 ü#?"])
        for document in first.documents.values {
            let content = try await source.fetch(document)
            #expect(try String(contentsOfFile: content.filePath, encoding: .utf8) == "content")
            #expect(content.isTemporary == (document.path == "a\u{FFFD}"))
            await source.release(content)
            #expect(FileManager.default.fileExists(atPath: content.filePath) == !content.isTemporary)
        }
        let second = try await self.watching(source, known: first.ledger) { try await $0.until { $0.checks == 1 } }
        #expect(second.changes.isEmpty)
    }

    @Test func excludedDirectoriesAreNotWatched() async throws {
        try self.folder.makeDirectory("skip/deep")
        let filter = try FileFilter(include: ["**/*.md"], exclude: ["skip/**"])
        try await self.watching(self.source(filter: filter)) { [folder] receiver in
            try await receiver.until { $0.checks == 1 }
            try folder.write("skip/deep/a.md")
            try folder.write("a.txt")
            try folder.makeDirectory("skip/new")
            try folder.write("a.md")
            let record = try await receiver.until { !$0.paths.isEmpty }
            #expect(record.paths == ["a.md"])
        }
    }

    @Test func directoryTooDeepForOtherProgramsIsReportedAndTheRestGoesOn() async throws {
        try self.folder.write("a")
        try self.makeTooDeep()
        try self.folder.age()
        let record = try await self.watching(self.source()) { receiver in
            try await receiver.until { $0.checks == 1 }
        }
        #expect(record.paths == ["a"])
        let ending = "is longer than other programs can open; move it up or shorten the names of its directories"
        #expect(record.unavailableMessage?.hasSuffix(ending) == true)
        #expect(Glibc.system("rm -rf '\(self.folder.path("long"))'") == 0)
    }

    /// Directories within each other until their path is longer than `PATH_MAX`.
    private func makeTooDeep() throws {
        try self.folder.makeDirectory("long")
        let name = String(repeating: "n", count: 200)
        var directory = open(self.folder.path("long"), O_RDONLY | O_DIRECTORY)
        for _ in 0..<25 {
            #expect(mkdirat(directory, name, 0o755) == 0)
            let next = openat(directory, name, O_RDONLY | O_DIRECTORY)
            close(directory)
            directory = next
        }
        close(directory)
    }
}
