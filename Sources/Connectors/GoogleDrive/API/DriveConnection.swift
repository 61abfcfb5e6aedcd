import AsyncHTTPClient
import FoundationEssentials
import Glibc
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import SystemPackage

/// Sends requests to the Drive API: paced, with a token, again where that can help.
struct DriveConnection: Sendable {
    /// Attempts at one request before it is reported that Google does not answer, and that it goes on refusing.
    private static let attempts = 5
    private static let refusedAttempts = 8
    /// The largest answer that is read as JSON; a page of a thousand files has about 1 MB.
    static let answerLimit = 32 << 20
    private static let errorLimit = 64 << 10
    /// Bytes that make an attempt worth while, however it ended.
    private static let progress = 1 << 20
    /// For a request and its whole answer; downloads may take longer as long as bytes arrive.
    private static let timeout = TimeAmount.minutes(2)
    private static let downloadTimeout = TimeAmount.hours(6)

    /// Without a slash at its end: `https://www.googleapis.com`.
    let endpoint: String
    let tokens: AccessTokens
    let pacer: SharedPacer
    let logger: Logger

    /// Sends a request and decodes its answer.
    ///
    /// - Throws: `DriveError`, `CredentialsError`, `CancellationError`.
    func json<Answer: Decodable & Sendable>(_ request: DriveRequest, as type: Answer.Type) async throws -> Answer {
        let bytes = try await self.send(request) { response in
            try await response.body.collect(upTo: Self.answerLimit)
        }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes.readableBytesView))
        } catch {
            throw DriveError.unreadableAnswer(request.path)
        }
    }

    /// Sends a request, again and again where that can help, and hands over the answer once it is a success.
    ///
    /// - Parameters:
    ///   - address: Where to, if Drive has given an address.
    ///   - request: The request.
    ///   - offset: How much of the content has arrived already.
    ///   - receive: Reads the body; what it throws other than a `DriveError` is a broken connection.
    /// - Returns: What `receive` made of it.
    /// - Throws: `DriveError`, `CredentialsError`, `CancellationError`.
    func send<Result: Sendable>(
        to address: String? = nil,
        _ request: DriveRequest,
        from offset: () -> Int = { 0 },
        _ receive: (HTTPClientResponse) async throws -> Result
    ) async throws -> Result {
        let address = address ?? "\(self.endpoint)/drive/v3/\(request.target)"
        var request = request
        var attempt = 1
        var hasRejectedToken = false
        while true {
            request.offset = offset()
            do {
                return try await self.attempt(address, request, receive)
            } catch let error as DriveError {
                if offset() >= request.offset + Self.progress { attempt = 0 }
                switch error {
                case .refused(let refusal) where refusal.kind == .unauthorized && !hasRejectedToken:
                    hasRejectedToken = true
                case .refused(let refusal) where refusal.isTransient:
                    let attempts = refusal.kind == .tooManyRequests ? Self.refusedAttempts : Self.attempts
                    guard attempt < attempts else {
                        throw DriveError.unreachable("it answers with status \(refusal.status)")
                    }
                    attempt += 1
                case .unreachable where attempt < Self.attempts:
                    attempt += 1
                default:
                    throw error
                }
            }
        }
    }

    private func attempt<Result: Sendable>(
        _ address: String,
        _ request: DriveRequest,
        _ receive: (HTTPClientResponse) async throws -> Result
    ) async throws -> Result {
        try await self.pacer.turn()
        let token = try await self.tokens.token()
        do {
            let isDownload = request.isDownload
            let response = try await HTTPClient.google.execute(
                self.message(request, to: address, token: token),
                timeout: isDownload ? Self.downloadTimeout : Self.timeout
            )
            guard (200..<300).contains(response.status.code) else {
                throw DriveError.refused(try await self.refusal(response, token: token))
            }
            let result = try await receive(response)
            self.pacer.succeeded()
            return result
        } catch let error as DriveError {
            if case .refused(let refusal) = error, !refusal.isTransient { self.pacer.succeeded() }
            throw error
        } catch {
            try Task.checkCancellation()
            self.pacer.refused(retryAfter: nil)
            let reason = Self.reason(error)
            let metadata: Logger.Metadata = ["path": "\(request.path)", "error": "\(reason)"]
            self.logger.debug("A request to Google Drive broke.", metadata: metadata)
            throw DriveError.unreachable(reason)
        }
    }

    private func message(_ request: DriveRequest, to address: String, token: String) -> HTTPClientRequest {
        var message = HTTPClientRequest(url: address)
        message.method = HTTPMethod(rawValue: request.method.rawValue)
        message.headers.add(name: "Authorization", value: "Bearer \(token)")
        message.headers.add(name: "User-Agent", value: "corpusd")
        if request.method == .post { message.headers.add(name: "Content-Length", value: "0") }
        if let keys = request.resourceKeyHeader {
            message.headers.add(name: "X-Goog-Drive-Resource-Keys", value: keys)
        }
        if request.offset > 0 { message.headers.add(name: "Range", value: "bytes=\(request.offset)-") }
        return message
    }

    /// Reads a refusal, and lets the pacer and the tokens know.
    private func refusal(_ response: HTTPClientResponse, token: String) async throws -> DriveRefusal {
        var body = ByteBuffer()
        for try await part in response.body {
            body.writeImmutableBuffer(part)
            if body.readableBytes >= Self.errorLimit { break }
        }
        let refusal = DriveRefusal(status: Int(response.status.code), body: body.readableBytesView)
        if refusal.isTransient {
            let header = response.headers.first(name: "Retry-After")
            self.pacer.refused(retryAfter: Duration(retryAfter: header, now: time(nil)))
        }
        if refusal.kind == .unauthorized { await self.tokens.reject(token) }
        return refusal
    }

    /// Why a connection broke, without what was sent over it.
    static func reason(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError: "\(error.shortDescription)"
        case let error as NIOConnectionError: "no connection to '\(error.host)'"
        case let error as IOError: Errno(rawValue: error.errnoCode).description.lowercased()
        default: "\(type(of: error))"
        }
    }
}
