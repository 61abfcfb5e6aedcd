import EngineIO
import HTTPTypes
import Hummingbird
import NIOCore

/// Answers what is not the sockets': routes first, then files, with the configured headers on everything.
struct WebResponder<Routes: HTTPResponder>: HTTPResponder where Routes.Context == BasicRequestContext {
    typealias Context = BasicRequestContext

    let routes: Routes
    let files: FileMiddleware<BasicRequestContext, LocalFileSystem>?
    let headers: HTTPFields
    let origins: AllowedOrigins

    func respond(to request: Request, context: Context) async throws -> Response {
        let origin = request.headers[.origin]
        if request.method == .options, request.headers[.accessControlRequestMethod] != nil {
            let asked = request.headers[.accessControlRequestHeaders]
            return Response(
                status: .noContent,
                headers: self.fields(self.origins.preflightHeaders(for: origin, requestedHeaders: asked)))
        }

        var response: Response
        do {
            response = try await self.serve(request, context)
        } catch let error as any HTTPResponseError {
            response = try error.response(from: request, context: context)
            response.headers[.contentType] = nil
        }
        if response.status.code >= 400, response.headers[.contentType] == nil {
            response = ProblemDetails(refusing: response.status)
                .response(headers: response.headers, hasBody: request.method != .head)
        }
        for field in self.headers where response.headers[field.name] == nil { response.headers.append(field) }
        for field in self.fields(self.origins.headers(for: origin)) { response.headers.append(field) }
        return response
    }

    private func serve(_ request: Request, _ context: Context) async throws -> Response {
        guard let files, Self.isSafe(request.uri.path) else {
            return try await self.routes.respond(to: request, context: context)
        }
        // Files are small; a range that does not fit its file is not worth the cases.
        var head = request.head
        head.headerFields[.range] = nil
        let request = Request(head: head, body: request.body)
        var response = try await files.handle(request, context: context) { request, context in
            try await self.routes.respond(to: request, context: context)
        }
        response.headers[.acceptRanges] = nil
        if let type = response.headers[.contentType], type.hasPrefix("text/"), !type.contains("charset") {
            response.headers[.contentType] = type + "; charset=utf-8"
        }
        return response
    }

    /// Whether a path may name a file: nothing hidden, no way up, no control characters, however they are written.
    private static func isSafe(_ path: String) -> Bool {
        guard let decoded = QueryString.decode(path.utf8, plusIsSpace: false),
            !decoded.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else { return false }
        return !decoded.split(separator: "/").contains { $0.hasPrefix(".") } && !decoded.contains("\\")
    }

    private func fields(_ pairs: [(String, String)]) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in pairs {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        return fields
    }
}
