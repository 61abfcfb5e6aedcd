import HTTPTypes
import Hummingbird
import SocketIO

extension Response {
    /// An answer in JSON that nobody caches.
    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        Self.json(value, status: status, type: "application/json")
    }

    /// A refusal as RFC 9457 problem details.
    ///
    /// - Parameters:
    ///   - status: The HTTP status.
    ///   - detail: What was wrong with this request and what to do, for a person.
    /// - Returns: The answer, in `application/problem+json`.
    static func problem(_ status: HTTPResponse.Status, detail: String) -> Response {
        let problem = Self.problem(status: status.code, title: status.reasonPhrase, detail: detail)
        return Self.json(problem, status: status, type: "application/problem+json")
    }

    /// A parameter that is no whole number within its range.
    static func outOfRange(_ name: String, _ range: ClosedRange<Int>) -> Response {
        .problem(.badRequest, detail: "'\(name)' must be \(range.lowerBound) to \(range.upperBound)")
    }

    /// The problem details themselves.
    static func problem(status: Int, title: String, detail: String) -> JSONValue {
        [
            "type": "about:blank", "title": .string(title), "status": .int(status), "detail": .string(detail),
        ]
    }

    private static func json(_ value: JSONValue, status: HTTPResponse.Status, type: String) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.encoded()))
        )
    }
}
