import AsyncHTTPClient
import NIOCore

extension HTTPClient {
    /// Talks to Google, for all pipelines; lives as long as the process.
    ///
    /// A connection that is refused is an error at once: when it is tried again the pacer decides, for all requests
    /// together, and people are told before minutes have passed.
    static let google: HTTPClient = {
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout.connect = .seconds(20)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()
}
