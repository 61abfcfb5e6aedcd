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
    /// - Returns: To be closed.
    /// - Throws: `StoreError`.
    package func openCatalog(isChanging: Bool, logger: Logger) async throws -> any FileCatalog {
        let client = LocalClient(config: self)
        if await client.isReachable() { return DaemonCatalog(client: client) }
        await client.close()
        let store = try await self.openStore(for: nil, access: isChanging ? .readWrite : .readOnly, logger: logger)
        return StoreCatalog(store: store, closing: { try? await store.close() })
    }
}
