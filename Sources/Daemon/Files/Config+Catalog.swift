package import Config
import Ingest
package import Logging
import Storage

extension Config {
    /// The files as the running daemon knows them, or, without one, as the database does.
    ///
    /// - Parameters:
    ///   - isChanging: Whether `retry` will be called, which without a daemon needs the right to write.
    ///   - logger: For what the database has to tell.
    /// - Throws: `StoreError`.
    package func openCatalog(isChanging: Bool, logger: Logger) async throws -> any FileCatalog {
        let daemon = DaemonCatalog(listen: self.server.listen)
        if await daemon.isReachable() { return daemon }
        await daemon.close()
        let store = try await self.openStore(for: nil, access: isChanging ? .readWrite : .readOnly, logger: logger)
        return StoreCatalog(store: store, closing: { try? await store.close() })
    }
}
