import FoundationEssentials
import Glibc
import SystemPackage

extension GoogleCredentials {
    /// Far above what such files have.
    private static let sizeLimit = 65_536

    /// Reads a file; blocks.
    package init(path: String) throws(CredentialsError) {
        try self.init(json: try Self.read(path), path: path)
    }

    private static func read(_ path: String) throws(CredentialsError) -> Data {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            return try file.closeAfter {
                var bytes = [UInt8](repeating: 0, count: Self.sizeLimit)
                var count = 0
                while count < bytes.count {
                    let start = count
                    let read = try bytes.withUnsafeMutableBytes { buffer in
                        try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[start...]))
                    }
                    guard read > 0 else { break }
                    count += read
                }
                return Data(bytes[..<count])
            }
        } catch {
            let reason = (error as? Errno)?.description.lowercased() ?? "it failed"
            throw .unreadable(path: path, reason: reason)
        }
    }
}
