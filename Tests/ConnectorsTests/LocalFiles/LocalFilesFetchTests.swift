import Connectors
import Foundation
import Glibc
import Ingest
import Logging
import SystemPackage
import Testing

@Suite("Fetching local files", .timeLimit(.minutes(1)))
struct LocalFilesFetchTests {
    private let folder: TemporaryFolder
    private let source: LocalFilesSource

    init() throws {
        self.folder = try TemporaryFolder()
        self.source = LocalFilesSource(
            pipeline: Pipeline(
                id: PipelineID("docs"),
                type: .localFiles,
                checkInterval: .seconds(60),
                watchLocation: self.folder.path + "/"
            ),
            filter: try FileFilter(),
            maxFileSize: 3_000_000,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func document(_ path: String) -> SourceDocument {
        SourceDocument(
            id: DocumentID(pipeline: PipelineID("docs"), file: "x"),
            name: path,
            path: path,
            url: "file://\(self.folder.path)/\(path)",
            size: nil,
            fingerprint: ""
        )
    }

    @Test(arguments: [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (3, "9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0"),
        (1_048_576, "9bc1b2a288b26af7257a36277ae3816a7d4f16e89c1e7e77d0a5c48bad62b360"),
        (3_000_000, "2a152c894398719c0570f83fac34ac03a0f6e8e474b995c2403aa5434f7b9dd4"),
    ])
    func hashesTheContent(_ count: Int, _ hash: String) async throws {
        try self.folder.write("a", String(repeating: "a", count: count))
        let content = try await self.source.fetch(self.document("a"))
        #expect(content.contentHash == hash)
        #expect(content.filePath == self.folder.path("a"))
        #expect(content.size == count)
        #expect(!content.isTemporary)
    }

    @Test func refusesWhatCannotBeRead() async throws {
        try self.folder.makeDirectory("d")
        try self.folder.makeFIFO("fifo")
        try self.folder.write("a")
        try self.folder.link("a", as: "link")
        try self.folder.link("d", as: "way")
        try self.folder.write("d/b")
        try self.folder.write("big", String(repeating: "a", count: 3_000_001))
        let path = self.folder.path
        let cases: [(String, LocalFileError)] = [
            ("gone", .vanished(path: "\(path)/gone")),
            ("d/gone", .vanished(path: "\(path)/d/gone")),
            ("a/b", .vanished(path: "\(path)/a/b")),
            ("d", .notFile(path: "\(path)/d")),
            ("fifo", .notFile(path: "\(path)/fifo")),
            ("link", .notFile(path: "\(path)/link")),
            ("way/b", .vanished(path: "\(path)/way/b")),
            ("big", .tooLarge(path: "\(path)/big", size: 3_000_001, limit: 3_000_000)),
            ("../a", .badPath(path: "../a")),
        ]
        for (name, expected) in cases {
            let error = await #expect(throws: LocalFileError.self) {
                _ = try await self.source.fetch(self.document(name))
            }
            #expect(error == expected)
        }
    }

    @Test func folderThatIsGoneIsAProblemOfTheFolder() async throws {
        try self.folder.remove("")
        let error = await #expect(throws: LocalFileError.self) {
            _ = try await self.source.fetch(self.document("a"))
        }
        #expect(error == .folder(.missing(path: self.folder.path)))
        #expect(error?.isTransient == true)
    }

    @Test(arguments: ["growing", "overwritten"])
    func fileThatChangesIsStillBeingWritten(_ way: String) async throws {
        let isGrowing = way == "growing"
        let writer = try self.folder.open(Array("a".utf8), flags: O_WRONLY | O_CREAT | (isGrowing ? O_APPEND : 0))
        defer { close(writer) }
        #expect(ftruncate(writer, 2_000_000) == 0)
        let chunk = String(repeating: "a", count: 1_000)
        // Each fetch races with a writer; sooner or later one of them loses.
        let writing = Task.detached {
            while !Task.isCancelled {
                _ = isGrowing ? Glibc.write(writer, chunk, 1_000) : pwrite(writer, chunk, 1_000, 0)
                if lseek(writer, 0, SEEK_END) > 2_900_000 { ftruncate(writer, 0) }
                await Task.yield()
            }
        }
        defer { writing.cancel() }
        while true {
            do {
                _ = try await self.source.fetch(self.document("a"))
            } catch let error as LocalFileError {
                #expect(error == .stillWritten(path: self.folder.path("a")))
                #expect(error.isTransient)
                return
            }
        }
    }

    struct Case: CustomTestStringConvertible {
        let error: LocalFileError
        let type: String
        let isTransient: Bool
        let text: String
        var testDescription: String { self.type }
    }

    @Test(arguments: [
        Case(
            error: .tooLarge(path: "/d/a", size: 20, limit: 10), type: "FileTooLarge", isTransient: false,
            text: "cannot read '/d/a': it has 20 bytes and the limit is 10; raise 'max_file_size' or exclude it"
        ),
        Case(
            error: .unreadable(path: "/d/a", user: "corpusd"), type: "FileUnreadable", isTransient: true,
            text: "cannot read '/d/a': user 'corpusd' may not; allow it with 'chmod' or 'setfacl -m u:corpusd:r'"
        ),
        Case(
            error: .stillWritten(path: "/d/a"), type: "FileStillWritten", isTransient: true,
            text: "cannot read '/d/a': it is still being written; it is tried again"
        ),
        Case(
            error: .vanished(path: "/d/a"), type: "FileVanished", isTransient: true,
            text: "cannot read '/d/a': it was there a moment ago and is gone; nothing to do if it was meant to go, "
                + "it is tried again otherwise"
        ),
        Case(
            error: .noCopy(path: "/d/a", directory: "/tmp", code: .noSpace), type: "TemporaryCopyFailed",
            isTransient: true,
            text:
                "cannot copy '/d/a', whose name is not UTF-8, into '/tmp': no space left on device; make room there or "
                + "rename the file"
        ),
    ])
    func errorsSayWhatToDo(_ example: Case) {
        #expect(example.error.description == example.text)
        #expect(example.error.typeName == example.type)
        #expect(example.error.isTransient == example.isTransient)
    }

    static let waiting: [(LocalFileError, Bool)] = [
        (.vanished(path: "/d/a"), true), (.folder(.missing(path: "/d")), true),
        (.failing(path: "/d/a", code: Errno(rawValue: ESTALE)), true), (.failing(path: "/d/a", code: .ioError), true),
        (.failing(path: "/d/a", code: .isDirectory), false), (.unreadable(path: "/d/a", user: "corpusd"), true),
        (.stillWritten(path: "/d/a"), false),
    ]

    /// A disk that is away for a day must not make dead letters of what was queued.
    @Test(arguments: Self.waiting)
    func whatADiskThatIsAwayCausesIsTriedForAsLongAsItTakes(error: LocalFileError, waits: Bool) {
        #expect(error.waitsForSource == waits)
        #expect(error.isTransient && error.concernsDocument)
        if case .unreadable = error { #expect(error.isReportedOnce) } else { #expect(!error.isReportedOnce) }
    }
}
