import Connectors
import Foundation
import Ingest
import Logging

/// A folder of this machine, for the contract of sources.
struct LocalPlace: SourcePlace {
    private let parent: TemporaryFolder
    private let folder = "watched"

    init() throws {
        self.parent = try TemporaryFolder()
        try self.parent.makeDirectory(self.folder)
    }

    func source() throws -> any Source {
        LocalFilesSource(
            pipeline: Pipeline(
                id: PipelineID("docs"),
                type: .localFiles,
                checkInterval: .seconds(3_600),
                watchLocation: self.parent.path(self.folder)
            ),
            filter: try FileFilter(),
            maxFileSize: 1_000_000,
            settle: .milliseconds(300),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Looks as if nobody had touched it for long, so that a check takes it for complete; each change is a new file.
    func put(_ path: String, _ text: String) async throws {
        try self.makeDirectory(above: path)
        try self.parent.write("new", text)
        try self.parent.age(Array("new".utf8))
        try self.parent.rename("new", to: self.place(path))
    }

    func move(_ path: String, to target: String) async throws {
        try self.makeDirectory(above: target)
        try self.parent.rename(self.place(path), to: self.place(target))
    }

    func delete(_ path: String) async throws { try self.parent.remove(self.place(path)) }

    func hide() async throws { try self.parent.rename(self.folder, to: "hidden") }

    func show() async throws { try self.parent.rename("hidden", to: self.folder) }

    private func place(_ path: String) -> String { "\(self.folder)/\(path)" }

    private func makeDirectory(above path: String) throws {
        guard let slash = path.lastIndex(of: "/") else { return }
        try self.parent.makeDirectory(self.place(String(path[..<slash])))
    }
}
