import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

/// An error in the shape of RFC 9457, for requests that no route answers.
struct ProblemDetails {
    static let contentType = "application/problem+json"

    /// What is answered.
    let status: HTTPResponseStatus
    /// What was wrong and what to do, for a person; text of this program's own, which needs no escapes in JSON.
    let detail: StaticString

    /// A request that cannot be read.
    static let malformed = Self(status: .badRequest, detail: "this is no HTTP request that can be read")
    /// One with more of headers than anybody needs.
    static let headersTooLarge = Self(
        status: .requestHeaderFieldsTooLarge, detail: "the target or the headers are too large; send less of them")
    /// One that calls this server by a name that is not its own.
    static let foreignHost = Self(
        status: .forbidden,
        detail: "this server does not go by that name; add it to 'server.allowed_hosts'"
    )
    /// One that failed for a reason that is not its client's.
    static let failed = Self(status: .internalServerError, detail: "the server failed; its log may say why")

    /// The answer to a request that the router or the files refused.
    init(refusing status: HTTPResponse.Status) {
        self.init(
            status: HTTPResponseStatus(statusCode: status.code),
            detail: status == .notFound ? "nothing is at this path" : "this request cannot be answered"
        )
    }

    private init(status: HTTPResponseStatus, detail: StaticString) {
        self.status = status
        self.detail = detail
    }

    /// The JSON.
    var body: ByteBuffer {
        let (code, title) = (self.status.code, self.status.reasonPhrase)
        return ByteBuffer(
            string: #"{"detail":"\#(self.detail)","status":\#(code),"title":"\#(title)","type":"about:blank"}"#)
    }

    /// The same as an answer of the routes.
    ///
    /// - Parameters:
    ///   - headers: What it carries besides.
    ///   - hasBody: False for the answer to a HEAD.
    /// - Returns: The answer.
    func response(headers: HTTPFields = [:], hasBody: Bool = true) -> Response {
        var headers = headers
        headers[.contentLength] = nil
        headers[.contentType] = hasBody ? Self.contentType : nil
        return Response(
            status: HTTPResponse.Status(code: Int(self.status.code)),
            headers: headers,
            body: hasBody ? ResponseBody(byteBuffer: self.body) : ResponseBody()
        )
    }
}
