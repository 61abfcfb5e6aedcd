import FoundationEssentials
import Glibc
import Ingest
import Processing
import Testing

/// A folder of files for one test, deleted with it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        let path = FileManager.default.temporaryDirectory.path + "/extract-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        self.path = path
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    /// Writes a file and says what a source says of it.
    func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> FetchedContent {
        let path = "\(self.path)/\(name)"
        let data = Data(bytes)
        try data.write(to: URL(filePath: path))
        return Self.content(path, size: data.count)
    }

    func file(_ name: String, _ text: String) throws -> FetchedContent { try self.file(name, text.utf8) }

    /// Writes a shell script that can be run, to stand for a tool.
    func script(_ name: String, _ body: String) throws -> String {
        let path = try self.file(name, "#!/bin/sh\n\(body)\n").filePath
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    static func content(_ path: String, size: Int = 0) -> FetchedContent {
        FetchedContent(filePath: path, contentHash: "", size: size, isTemporary: false)
    }

    /// The program under test, which the package builds beside the tests.
    static let program: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (own.split(separator: "/", omittingEmptySubsequences: false).dropLast() + ["corpusd"])
            .joined(separator: "/")
    }()
}

/// What extraction gives, on lines that a table can hold: `T title`, `1 heading`, `P paragraph`, `C code`; line
/// breaks inside are shown as `⏎`, and a page behind a `@`, a sheet behind a `#`.
func shown(_ text: ExtractedText) -> [String] {
    let title = text.title.map { ["T \($0)"] } ?? []
    return title
        + text.blocks.map { block in
            let kind =
                switch block.kind {
                case .heading(let level): "\(level)"
                case .paragraph: "P"
                case .preformatted: "C"
                }
            let page = (block.page.map { "@\($0)" } ?? "") + (block.sheet.map { "#\($0)" } ?? "")
            return
                "\(kind)\(page) \(block.text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "⏎"))"
        }
}
