import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix

/// Waits on this machine for the one request that a browser makes after a person has consented.
struct LoopbackListener: Sendable {
    private typealias Channel = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    private let server: NIOAsyncChannel<Channel, Never>
    /// Where the browser is sent: `http://127.0.0.1:PORT`.
    let address: String

    /// Begins to listen.
    ///
    /// - Parameter port: 0 is any that is free.
    /// - Throws: When the port is taken.
    init(port: Int) async throws {
        self.server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    return try Channel(wrappingChannelSynchronously: channel)
                }
            }
        self.address = "http://127.0.0.1:\(self.server.channel.localAddress?.port ?? port)"
    }

    /// Answers requests until one carries the right `state`.
    ///
    /// - Returns: The parameters of that request.
    func parameters(state: String) async throws -> [String: String] {
        try await self.server.executeThenClose { connections in
            for try await connection in connections {
                let found = try? await connection.executeThenClose { parts, answer in
                    for try await part in parts {
                        guard case .head(let head) = part else { continue }
                        let parameters = Self.parameters(of: head.uri)
                        let isRight = parameters["state"] == state
                        try await Self.write(isRight ? .ok : .notFound, to: answer)
                        return isRight ? parameters : nil
                    }
                    return nil
                }
                if let parameters = found ?? nil { return parameters }
            }
            throw GoogleLoginError.noAnswer
        }
    }

    private static func write(
        _ status: HTTPResponseStatus,
        to answer: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
    ) async throws {
        let text = status == .ok ? "corpusd has the answer. You can close this page.\n" : "Nothing is here.\n"
        let headers: HTTPHeaders = [
            "Content-Type": "text/plain; charset=utf-8", "Content-Length": "\(text.utf8.count)", "Connection": "close",
        ]
        try await answer.write(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)))
        try await answer.write(.body(.byteBuffer(ByteBuffer(string: text))))
        try await answer.write(.end(nil))
    }

    /// The parameters of a request's target, decoded.
    static func parameters(of target: String) -> [String: String] {
        guard let mark = target.firstIndex(of: "?") else { return [:] }
        var parameters: [String: String] = [:]
        for pair in target[target.index(after: mark)...].split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            parameters[Self.decoded(parts[0])] = parts.count > 1 ? Self.decoded(parts[1]) : ""
        }
        return parameters
    }

    /// Undoes percent-encoding; what is none stays.
    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
