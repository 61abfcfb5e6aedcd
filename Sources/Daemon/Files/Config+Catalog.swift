package import Config
import Ingest
package import Logging
import Storage

extension Config {
    /// Works with the files as the running daemon knows them, or, without one, as the database does.
    ///
    /// - Parameters:
    ///   - isChanging: Whether `retry` will be called, which without a daemon needs the right to write.
    ///   - logger: For what the database has to tell.
    ///   - body: Gets the catalogue, which is closed afterwards.
    /// - Returns: What the body returned.
    /// - Throws: `StoreError`, or what the body threw.
    package func withCatalog<Result: Sendable>(
        isChanging: Bool,
        logger: Logger,
        _ body: (any FileCatalog) async throws -> Result
    ) async throws -> Result {
        let catalog = try await self.openCatalog(isChanging: isChanging, logger: logger)
        do {
            let result = try await body(catalog)
            await catalog.close()
            return result
        } catch {
            await catalog.close()
            throw error
        }
    }

    private func openCatalog(isChanging: Bool, logger: Logger) async throws -> any FileCatalog {
        let client = LocalClient(config: self)
        if await client.isReachable() { return DaemonCatalog(client: client) }
        await client.close()
        let store = try await self.openStore(for: nil, access: isChanging ? .readWrite : .readOnly, logger: logger)
        return StoreCatalog(store: store, closing: { try? await store.close() })
    }
}
