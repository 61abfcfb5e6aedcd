import EngineIO
import NIOCore
import NIOHTTP1

/// What a request to the endpoint gets.
struct EndpointResponse: Sendable {
    let status: HTTPResponseStatus
    let contentType: String
    let body: ByteBuffer
    let isRefusal: Bool

    /// A payload of packets.
    static func packets(_ payload: ByteBuffer) -> Self {
        Self(status: .ok, contentType: "text/plain; charset=UTF-8", body: payload, isRefusal: false)
    }

    /// The answer to a post whose packets were taken.
    static let accepted = Self(
        status: .ok, contentType: "text/html", body: ByteBuffer(staticString: "ok"), isRefusal: false)

    /// The answer to a browser that asks what it may send.
    static let preflight = Self(status: .noContent, contentType: "", body: ByteBuffer(), isRefusal: false)

    /// One of the protocol's six errors.
    static func refusal(_ error: RequestError) -> Self {
        Self(
            status: HTTPResponseStatus(statusCode: error.status),
            contentType: "application/json",
            body: ByteBuffer(string: error.json),
            isRefusal: true
        )
    }

    /// The answer to a body larger than the open packet allows.
    static let tooLarge = Self(
        status: .payloadTooLarge, contentType: "text/html", body: ByteBuffer(), isRefusal: true)
}
