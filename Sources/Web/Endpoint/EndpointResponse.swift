import EngineIO
import NIOCore
import NIOHTTP1

/// What a request to the endpoint gets.
struct EndpointResponse: Sendable {
    let status: HTTPResponseStatus
    let contentType: String
    let body: ByteBuffer
    /// Why it is an error; nil for what it is not.
    var rejection: Rejection?
    /// The session to put into the cookie, on a server that wants one.
    var session: Identifier?

    /// The answer to a post whose packets were taken.
    static let accepted = Self(status: .ok, contentType: "text/html", body: ByteBuffer(staticString: "ok"))

    /// The answer to a browser that asks what it may send.
    static let preflight = Self(status: .noContent, contentType: "", body: ByteBuffer())

    /// The answer to a body larger than the open packet allows.
    static let tooLarge = Self(
        status: .payloadTooLarge, contentType: "text/html", body: ByteBuffer(), rejection: .payloadTooLarge)

    /// A payload of packets, in v3's binary framing or as text.
    static func packets(_ payload: ByteBuffer, isBinary: Bool = false, opening session: Identifier? = nil) -> Self {
        Self(
            status: .ok,
            contentType: isBinary ? "application/octet-stream" : "text/plain; charset=UTF-8",
            body: payload,
            session: session
        )
    }

    /// One of the protocol's six errors.
    static func refusal(_ error: RequestError) -> Self {
        Self(
            status: HTTPResponseStatus(statusCode: error.status),
            contentType: "application/json",
            body: ByteBuffer(string: error.json),
            rejection: Rejection(error)
        )
    }

    /// The answer to one client too many; clients try again by themselves.
    static func full(_ refusal: Admission.Refusal) -> Self {
        Self(
            status: refusal == .tooMany ? .serviceUnavailable : .tooManyRequests,
            contentType: "application/json",
            body: ByteBuffer(string: #"{"code":4,"message":"Too many connections"}"#),
            rejection: refusal == .tooMany ? .tooManyConnections : .tooManyConnectionsOfAddress
        )
    }

    /// The answer to a new client of a server that is stopping; clients try again by themselves.
    static let stopping = Self(
        status: .serviceUnavailable,
        contentType: "application/json",
        body: ByteBuffer(staticString: #"{"code":5,"message":"Server is stopping"}"#),
        rejection: .stopping
    )
}
