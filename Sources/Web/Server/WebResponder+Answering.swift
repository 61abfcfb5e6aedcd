import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

extension WebResponder {
    /// What answers each request of a connection: the responder, with the date that every answer carries.
    func answering(_ logger: Logger) -> HTTPChannelHandler.Responder {
        { request, writer, channel in
            let context = BasicRequestContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
            var response = try await self.answer(to: request, context)
            response.headers[.date] = HTTPDate().description
            do {
                try await writer.write(response: response.head, body: response.body)
            } catch is HTTPParserError {
                // The rest of the request is malformed, and its answer has begun: there cannot be another one.
                throw ChannelError.inputClosed
            }
        }
    }

    /// An error that nobody foresaw is answered, too: by its status alone, as its words are not for the client.
    ///
    /// - Throws: `HTTPParserError`, which Hummingbird answers.
    private func answer(to request: Request, _ context: BasicRequestContext) async throws -> Response {
        do {
            return try await self.respond(to: request, context: context)
        } catch let error as HTTPParserError {
            throw error
        } catch {
            context.logger.debug("A request could not be answered.", metadata: ["error": "\(type(of: error))"])
            return ProblemDetails.failed.response(hasBody: request.method != .head)
        }
    }
}
