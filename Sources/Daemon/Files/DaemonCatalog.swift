import AsyncHTTPClient
import Config
import Ingest
import NIOCore
import NIOHTTP1
import SocketIO

/// The catalogue of a running daemon, over HTTP.
struct DaemonCatalog: FileCatalog {
    /// The largest answer that is read: a thousand files at 16 kB.
    private static let maxAnswer = 1 << 24
    private static let timeout = TimeAmount.seconds(30)

    private let address: ListenAddress
    private let client: HTTPClient

    /// - Parameter listen: Where the daemon was told to listen; every address means this machine, too.
    init(listen: ListenAddress) {
        let host =
            switch listen.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "::1"
            default: listen.host
            }
        self.address = ListenAddress(host: host, port: listen.port)
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(2)
        self.client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Whether something takes connections where the daemon would.
    func isReachable() async -> Bool {
        let request = HTTPClientRequest(url: "http://\(self.address)/health")
        return (try? await self.client.execute(request, timeout: Self.timeout)) != nil
    }

    func page(_ query: FileQuery) async throws -> JSONValue {
        var items = [URLQueryItem(name: "limit", value: String(query.limit))]
        func add(_ name: String, _ value: String?) {
            if let value { items.append(URLQueryItem(name: name, value: value)) }
        }
        add("pipeline", query.pipeline?.rawValue)
        add("state", query.state?.rawValue)
        add("q", query.text)
        add("id", query.fileID)
        add("path", query.path)
        add("cursor", query.after == 0 ? nil : String(query.after))
        return try await self.answer(to: self.request("/api/files", items))
    }

    func retry(_ selection: RetrySelection) async throws -> JSONValue {
        let (path, pipeline): (String, PipelineID?) =
            switch selection {
            case .file(let id): ("/api/files/\(Self.encoded(id.file))/retry", id.pipeline)
            case .deadLetters(let pipeline): ("/api/files/retry", pipeline)
            }
        let items = pipeline.map { [URLQueryItem(name: "pipeline", value: $0.rawValue)] } ?? []
        var request = self.request(path, items)
        request.method = .POST
        return try await self.answer(to: request)
    }

    func close() async { try? await self.client.shutdown() }

    private func request(_ path: String, _ items: [URLQueryItem]) -> HTTPClientRequest {
        let query = items.map { "\($0.name)=\(Self.encoded($0.value))" }.joined(separator: "&")
        return HTTPClientRequest(url: "http://\(self.address)\(path)" + (query.isEmpty ? "" : "?\(query)"))
    }

    private func answer(to request: HTTPClientRequest) async throws -> JSONValue {
        let response = try await self.client.execute(request, timeout: Self.timeout)
        let body = try await response.body.collect(upTo: Self.maxAnswer)
        let json = try? JSONValue(parsing: Array(buffer: body))
        guard response.status == .ok, let json, json["files"] != nil else {
            throw CatalogError.refused(
                address: "\(self.address)", status: Int(response.status.code), detail: json?["detail"]?.string)
        }
        return json
    }

    private struct URLQueryItem {
        var name: String
        var value: String
    }

    /// Percent-encodes all but the unreserved characters of RFC 3986.
    private static func encoded(_ text: String) -> String {
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { result, byte in
            if unreserved.contains(byte) {
                result.unicodeScalars.append(UnicodeScalar(byte))
            } else {
                result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }
}
