import Hummingbird
import SocketIO
package import Web

extension AccessControl {
    /// What a request for a route or a file needs; nil for nothing.
    ///
    /// What is open is listed, and everything else is not: a path that is written in another way, with `%` or `..`,
    /// is none of the list.
    package static func need(_ method: String, _ path: String) -> Grant.Role? {
        switch method {
        case "OPTIONS": return nil
        case "GET", "HEAD": return self.isOpen(path) ? nil : .read
        default: return .control
        }
    }

    private static let openPaths: Set<String> = [
        "/", "/index.html", "/favicon.svg", "/openapi.json", "/asyncapi.json", "/health/live", "/health/ready",
    ]
    /// Tells everybody what they may do; who brings a token has to bring a right one.
    private static let ownAccess = "/api/access"
    private static let openFolders = ["/css/", "/js/", "/vendor/"]

    private static func isOpen(_ path: String) -> Bool {
        if self.openPaths.contains(path) { return true }
        return self.openFolders.contains { path.hasPrefix($0) } && !path.contains("%") && !path.contains("..")
    }

    /// Lets a request in or says why not, as problem details.
    package func gate(_ request: RouteRequest) -> RouteRefusal? {
        guard let role = Self.need(request.method, request.path) else { return nil }
        let token = Self.bearer(request.header("authorization"))
        if role == .read, request.path == Self.ownAccess, token?.isEmpty ?? true { return nil }
        let client = Client(
            address: request.remoteAddress, isForwarded: request.isForwarded,
            isFromOwnAddress: request.isFromOwnAddress)
        switch self.verdict(for: role, token: token, from: client) {
        case .granted: return nil
        case .missing:
            return Self.refusal(
                401, "Unauthorized",
                role == .control
                    ? "this changes something: send a token with the role 'control' as 'Authorization: Bearer'"
                    : "send a token as 'Authorization: Bearer'"
            )
        case .wrong: return Self.refusal(401, "Unauthorized", "this token is not known here", isInvalid: true)
        case .forbidden: return Self.refusal(403, "Forbidden", "this token may read only")
        case .tooManyAttempts(let seconds):
            var refusal = Self.refusal(429, "Too Many Requests", "too many wrong tokens; try again in \(seconds) s")
            refusal.headers.append(("Retry-After", String(seconds)))
            return refusal
        }
    }

    /// The token of an `Authorization` header; nil for one of another scheme.
    static func bearer(_ header: String?) -> String? {
        guard let header, header.prefix(7).lowercased() == "bearer " else { return nil }
        return String(header.dropFirst(7).drop { $0 == " " })
    }

    /// What somebody may do whose request was let in.
    func grant(of request: Request) -> Grant {
        self.grant(ofAdmitted: Self.bearer(request.headers[.authorization]))
    }

    /// What somebody may do whose request was let in although it may allow nothing; nil for nothing.
    func grantIfAny(of request: Request) -> Grant? {
        self.grantIfAny(ofAdmitted: Self.bearer(request.headers[.authorization]))
    }

    private static func refusal(
        _ status: Int, _ title: String, _ detail: String, isInvalid: Bool = false
    ) -> RouteRefusal {
        let body = Response.problem(status: status, title: title, detail: detail).encoded()
        var headers = [
            (name: "Content-Type", value: "application/problem+json"), (name: "Cache-Control", value: "no-store"),
            (name: "X-Content-Type-Options", value: "nosniff"),
        ]
        if status == 401 {
            let problem = isInvalid ? ", error=\"invalid_token\"" : ""
            headers.append(("WWW-Authenticate", "Bearer realm=\"corpusd\"" + problem))
        }
        return RouteRefusal(status: status, headers: headers, body: body)
    }
}
