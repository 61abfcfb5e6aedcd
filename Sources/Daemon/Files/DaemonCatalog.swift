import Ingest
import SocketIO

/// The catalogue of a running daemon, over HTTP.
struct DaemonCatalog: FileCatalog {
    private let client: LocalClient
    let isLive = true

    init(client: LocalClient) { self.client = client }

    func page(_ query: FileQuery) async throws -> JSONValue {
        try await self.client.get(
            LocalClient.path(
                "/api/files",
                [
                    ("limit", String(query.limit)), ("pipeline", query.pipeline?.rawValue),
                    ("state", query.state?.rawValue), ("q", query.text), ("id", query.fileID), ("path", query.path),
                    ("cursor", query.after == 0 ? nil : String(query.after)),
                ]
            )
        )
    }

    func retry(_ selection: RetrySelection) async throws -> JSONValue {
        let (path, pipeline): (String, PipelineID?) =
            switch selection {
            case .file(let id): ("/api/files/\(LocalClient.encoded(id.file))/retry", id.pipeline)
            case .deadLetters(let pipeline): ("/api/files/retry", pipeline)
            }
        return try await self.client.post(LocalClient.path(path, [("pipeline", pipeline?.rawValue)]))
    }

    func close() async { await self.client.close() }
}
