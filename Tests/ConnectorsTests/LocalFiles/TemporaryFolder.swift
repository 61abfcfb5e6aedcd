import Foundation
import Glibc

/// A folder of its own for one test; gone with it.
final class TemporaryFolder: Sendable {
    /// Absolute, without symbolic links.
    let path: String

    init() throws {
        let base = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath()
        self.path = base.appendingPathComponent("corpusd-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    func path(_ name: String) -> String { "\(self.path)/\(name)" }

    /// Writes a file in place, and closes it.
    func write(_ name: String, _ text: String = "text") throws { try self.write(Array(name.utf8), text) }

    func write(_ name: [UInt8], _ text: String = "text", flags: CInt = O_TRUNC) throws {
        let file = try self.open(name, flags: O_WRONLY | O_CREAT | flags)
        defer { close(file) }
        try Self.check(Glibc.write(file, text, text.utf8.count) == text.utf8.count)
    }

    /// Opens a file; the caller closes it.
    func open(_ name: [UInt8], flags: CInt) throws -> CInt {
        let file = Glibc.open(self.cPath(name), flags | O_CLOEXEC, 0o644)
        try Self.check(file >= 0)
        return file
    }

    func makeDirectory(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: self.path(name), withIntermediateDirectories: true)
    }

    func rename(_ source: String, to target: String) throws {
        try Self.check(Glibc.rename(self.path(source), self.path(target)) == 0)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: self.path(name)) }

    func link(_ target: String, as name: String) throws { try Self.check(symlink(target, self.path(name)) == 0) }

    func makeFIFO(_ name: String) throws { try Self.check(mkfifo(self.path(name), 0o644) == 0) }

    /// Makes all files look as if nobody had touched them for long, so that a check takes them for complete.
    func age() throws {
        let entries = FileManager.default.enumerator(atPath: self.path)
        while let name = entries?.nextObject() as? String { try self.age(Array(name.utf8)) }
    }

    func age(_ name: [UInt8]) throws {
        // Two timespecs; which module the compiler takes them from, and so whether they can be made here, changes.
        let times = [1_000_000_000, 0, 1_000_000_000, 0]
        let code = times.withUnsafeBufferPointer { numbers in
            numbers.withMemoryRebound(to: timespec.self) { times in
                utimensat(AT_FDCWD, self.cPath(name), times.baseAddress, AT_SYMLINK_NOFOLLOW)
            }
        }
        try Self.check(code == 0)
    }

    private func cPath(_ name: [UInt8]) -> [CChar] {
        (Array(self.path.utf8) + [UInt8(ascii: "/")] + name).map { CChar(bitPattern: $0) } + [0]
    }

    private static func check(_ succeeded: Bool) throws {
        guard succeeded else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }
}
