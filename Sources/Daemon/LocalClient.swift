import AsyncHTTPClient
package import Config
import NIOCore
import NIOHTTP1
import NIOSSL
package import SocketIO

/// Asks the daemon that runs on this machine, with the token that this user may read.
package struct LocalClient: Sendable {
    /// Why there is no answer: what failed, why, and what to do about it.
    package enum Problem: Error, Equatable, CustomStringConvertible {
        case unreachable(address: String)
        case refused(address: String, status: Int, detail: String?)
        /// It wants a token, and this user can read none.
        case tokenNeeded(address: String, path: String)
        case unreadable(address: String)

        /// As short as a line of a status has room for.
        var reason: String {
            switch self {
            case .unreachable: "It does not run, or is just being started."
            case .refused(_, let status, let detail):
                "It refuses with status \(status): \(TerminalText.name(detail ?? "it says no more"))."
            case .tokenNeeded: "It wants its token, which only root and the service's user may read."
            case .unreadable: "Something else answers there."
            }
        }

        package var description: String {
            switch self {
            case .unreachable(let address):
                "no answer from the daemon at \(address): it does not run, or listens elsewhere; "
                    + "start it with 'corpusd serve', or name its configuration with '--config'"
            case .refused(let address, let status, let detail):
                "the daemon at \(address) refused with status \(status): \(detail ?? "it does not say why")"
            case .tokenNeeded(let address, let path):
                "the daemon at \(address) refused with status 401: it wants a token, and this user cannot read "
                    + "'\(path)'; run it as root or as the service's user, who may"
            case .unreadable(let address):
                "the answer of \(address) cannot be read: something else listens there; correct 'server.listen'"
            }
        }
    }

    /// The largest answer that is read.
    private static let maxAnswer = 1 << 24
    private static let timeout = TimeAmount.seconds(30)
    /// How long a decision about many documents may take: each goes through the queue.
    private static let patience = TimeAmount.minutes(10)

    private let address: ListenAddress
    private let scheme: String
    /// Nil if this user cannot read it: what everybody may do works all the same.
    private let token: String?
    private let tokenPath: String
    private let client: HTTPClient

    /// - Parameter config: That of the daemon.
    init(config: Config) {
        (self.scheme, self.address) = Self.target(of: config)
        self.tokenPath = LocalToken.path(for: config)
        self.token = (try? LocalToken.read(for: config)).map { String(decoding: $0, as: UTF8.self) }
        var tls = TLSConfiguration.makeClientConfiguration()
        // The certificate is for the name that others use; this connection does not leave the machine.
        tls.certificateVerification = .none
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.timeout.connect = .seconds(2)
        self.client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Where the daemon of a configuration is asked: `http://127.0.0.1:8003`.
    package static func place(of config: Config) -> String {
        let (scheme, address) = Self.target(of: config)
        return "\(scheme)://\(address)"
    }

    private static func target(of config: Config) -> (scheme: String, address: ListenAddress) {
        let host =
            switch config.server.listen.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "::1"
            default: config.server.listen.host
            }
        let address = ListenAddress(host: host, port: config.server.listen.port)
        return (config.server.tls == nil ? "http" : "https", address)
    }

    /// Works with the daemon of a configuration.
    ///
    /// - Parameters:
    ///   - config: That of the daemon.
    ///   - body: Gets the client, which is closed afterwards.
    /// - Returns: What the body returned.
    /// - Throws: What the body threw.
    package static func with<Result: Sendable>(
        _ config: Config,
        _ body: (LocalClient) async throws -> Result
    ) async throws -> Result {
        let client = LocalClient(config: config)
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }

    /// Asks for something.
    ///
    /// - Parameter path: With its query, percent-encoded; begins with a slash.
    /// - Returns: The answer.
    /// - Throws: `Problem`.
    package func get(_ path: String) async throws -> JSONValue { try await self.send("GET", path) }

    /// Has something changed.
    ///
    /// - Parameter path: As in `get`.
    /// - Returns: The answer.
    /// - Throws: `Problem`.
    package func post(_ path: String) async throws -> JSONValue { try await self.send("POST", path) }

    /// Has something changed that may take its time.
    ///
    /// - Parameters:
    ///   - path: As in `get`.
    ///   - body: What to send.
    /// - Returns: The answer.
    /// - Throws: `Problem`.
    func post(_ path: String, _ body: JSONValue) async throws -> JSONValue {
        try await self.send("POST", path, body, timeout: Self.patience)
    }

    /// Whether something takes connections where the daemon would.
    func isReachable() async -> Bool {
        do {
            _ = try await self.get("/health/live")
            return true
        } catch {
            if case Problem.unreachable = error { return false }
            return true
        }
    }

    /// A path with its query; parameters without a value are left out.
    package static func path(_ path: String, _ parameters: [(name: String, value: String?)]) -> String {
        let query = parameters.compactMap { name, value in value.map { "\(name)=\(Self.encoded($0))" } }
        return query.isEmpty ? path : "\(path)?\(query.joined(separator: "&"))"
    }

    /// Percent-encodes all but the unreserved characters of RFC 3986.
    package static func encoded(_ text: String) -> String {
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

    /// Ends the connections.
    func close() async { try? await self.client.shutdown() }

    private func send(
        _ method: String,
        _ path: String,
        _ sent: JSONValue? = nil,
        timeout: TimeAmount = Self.timeout
    ) async throws -> JSONValue {
        let place = "\(self.scheme)://\(self.address)"
        var request = HTTPClientRequest(url: place + path)
        request.method = .init(rawValue: method)
        // The one name that is served whatever 'server.allowed_hosts' lists.
        request.headers.add(name: "Host", value: "localhost:\(self.address.port)")
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let sent {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: sent.encoded()))
        }
        let status: Int
        let body: ByteBuffer
        do {
            let response = try await self.client.execute(request, timeout: timeout)
            status = Int(response.status.code)
            body = try await response.body.collect(upTo: Self.maxAnswer)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw Problem.unreachable(address: place)
        }
        let json = try? JSONValue(parsing: Array(body.readableBytesView))
        if status == 401, self.token == nil { throw Problem.tokenNeeded(address: place, path: self.tokenPath) }
        guard (200..<300).contains(status) else {
            throw Problem.refused(address: place, status: status, detail: json?["detail"]?.string)
        }
        guard let json else { throw Problem.unreadable(address: place) }
        return json
    }
}
