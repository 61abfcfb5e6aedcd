import NIOPosix
import Synchronization

/// The key of an embedding service: read when it is first needed, and again after the service refused it.
///
/// So a new key in the file is used without a restart.
package final class ServiceKey: Sendable {
    private let read: (@Sendable () throws -> [UInt8])?
    private let cached = Mutex<String?>(nil)

    /// - Parameter read: Reads the key from where it is, and may block; nil for a service that wants none.
    package init(_ read: (@Sendable () throws -> [UInt8])?) { self.read = read }

    /// - Returns: Nil for a service that wants none.
    /// - Throws: `EmbeddingServiceError.noKey`.
    func value() async throws -> String? {
        guard let read = self.read else { return nil }
        if let key = self.cached.withLock({ $0 }) { return key }
        do {
            let bytes = try await NIOThreadPool.singleton.runIfActive { try read() }
            let key = String(decoding: bytes, as: UTF8.self)
            self.cached.withLock { $0 = key }
            return key
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw EmbeddingServiceError.noKey(reason: "\(error)")
        }
    }

    /// The service does not take it: what is in the file may be another one by now.
    func forget() { self.cached.withLock { $0 = nil } }
}
