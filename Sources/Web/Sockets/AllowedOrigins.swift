/// Which web pages of other origins may talk to the server from a browser.
///
/// Pages of the server's own origin, and clients that are no browser (and send no `Origin`), always may.
package enum AllowedOrigins: Equatable, Sendable {
    case none
    case all
    /// Exact origins: `https://status.example.org`, without a path.
    case list([String])

    /// Whether a request may be served.
    ///
    /// - Parameters:
    ///   - origin: Its `Origin` header.
    ///   - host: Its `Host` header.
    /// - Returns: False for a page of an origin that is neither listed nor the server's own.
    func permits(origin: String?, host: String?) -> Bool {
        guard let origin, self.answer(to: origin) == nil else { return true }
        guard let host, let scheme = origin.firstRange(of: "://") else { return false }
        return origin[scheme.upperBound...].lowercased() == host.lowercased()
    }

    /// The headers that let a browser hand the answer to a page.
    ///
    /// - Parameter origin: The request's `Origin` header.
    /// - Returns: None for a page that may not have it.
    func headers(for origin: String?) -> [(String, String)] {
        guard let origin, let answer = self.answer(to: origin) else { return [] }
        return answer == "*"
            ? [("Access-Control-Allow-Origin", "*")]
            : [
                ("Access-Control-Allow-Origin", answer), ("Access-Control-Allow-Credentials", "true"),
                ("Vary", "Origin"),
            ]
    }

    /// The headers that answer a browser's question before a request.
    ///
    /// - Parameters:
    ///   - origin: The question's `Origin` header.
    ///   - requestedHeaders: What the page wants to send.
    /// - Returns: None for a page that may not ask.
    func preflightHeaders(for origin: String?, requestedHeaders: String?) -> [(String, String)] {
        let headers = self.headers(for: origin)
        guard !headers.isEmpty else { return [] }
        return headers + [
            ("Access-Control-Allow-Methods", "GET, HEAD, POST"),
            ("Access-Control-Allow-Headers", requestedHeaders ?? "Content-Type"),
            ("Access-Control-Max-Age", "600"),
        ]
    }

    private func answer(to origin: String) -> String? {
        switch self {
        case .none: nil
        case .all: "*"
        case .list(let origins): origins.contains(origin) ? origin : nil
        }
    }
}
