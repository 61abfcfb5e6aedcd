import Glibc
package import Logging
import NIOPosix
import SystemPackage

/// Counts the starts that came to nothing, from one restart to the next.
///
/// The count stands in the service's runtime folder, which the service manager keeps from a failure to the start that
/// follows it, and removes at a stop (`RuntimeDirectoryPreserve=restart`). Without a count, pauses do not grow, no more.
package struct FailedStarts: Sendable {
    /// More failures than make a difference; also what a damaged file can say at most.
    private static let most = 1_000
    private static let shortestPause = Duration.seconds(5)
    private static let longestPause = Duration.seconds(300)

    private let file: FilePath
    private let logger: Logger

    /// - Parameters:
    ///   - folder: `ServiceEnvironment.runtimeFolder`.
    ///   - logger: Told when the count cannot be kept.
    package init(folder: String, logger: Logger) {
        self.file = FilePath(folder).appending("failed-starts")
        self.logger = logger
    }

    /// How long to wait before a start: doubled with each failure but the first, which may have been an accident.
    ///
    /// The service manager's own pause comes on top of it.
    package static func pause(after failures: Int) -> Duration {
        guard failures > 1 else { return .zero }
        return min(self.shortestPause * (1 << min(failures - 2, 16)), self.longestPause)
    }

    /// How many starts failed, one after the other.
    package func count() async -> Int {
        let text = try? await NIOThreadPool.singleton.runIfActive { try self.read() }
        return text.flatMap { Int($0) }.map { min(max($0, 0), Self.most) } ?? 0
    }

    /// Counts a start as failed until `forget`.
    package func add(to earlier: Int) async {
        await self.change { file in
            let descriptor = try FileDescriptor.open(
                file, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: [.ownerReadWrite])
            try descriptor.closeAfter { _ = try descriptor.writeAll("\(min(earlier, Self.most) + 1)".utf8) }
        }
    }

    /// Begins anew: a start was a good one, or somebody wanted the daemon to stop.
    package func forget() async {
        await self.change { file in
            guard unlink(file.string) == 0 || errno == ENOENT else { throw Errno(rawValue: errno) }
        }
    }

    private func read() throws -> String {
        let descriptor = try FileDescriptor.open(self.file, .readOnly, options: [.closeOnExec])
        return try descriptor.closeAfter {
            var bytes = [UInt8](repeating: 0, count: 16)
            let count = try bytes.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            return String(decoding: bytes[..<count], as: UTF8.self)
        }
    }

    private func change(_ body: @escaping @Sendable (FilePath) throws -> Void) async {
        do {
            try await NIOThreadPool.singleton.runIfActive { try body(self.file) }
        } catch {
            self.logger.warning(
                "Starts that fail cannot be counted; the pauses between them do not grow.",
                metadata: ["file": "\(self.file)", "error": "\(error)"]
            )
        }
    }
}
