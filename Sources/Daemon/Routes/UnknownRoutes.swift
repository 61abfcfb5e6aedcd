import HTTPTypes
import Hummingbird

/// Answers what no other route of the interface does: an unknown path, and a method that a path does not have.
struct UnknownRoutes: Sendable {
    /// Every path of the interface with the methods it has.
    static let known: [(path: String, methods: [HTTPRequest.Method])] = [
        ("status", [.get]), ("health", [.get]), ("health/live", [.get]), ("health/ready", [.get]),
        ("api/files", [.get]), ("api/files/retry", [.post]), ("api/files/:id", [.get]),
        ("api/files/:id/chunks", [.get]), ("api/files/:id/retry", [.post]), ("metrics", [.get]),
        ("api/socket/info", [.get]), ("api/events", [.get]), ("api/search", [.get]), ("api/access", [.get]),
        ("api/pipelines", [.get]), ("api/pipelines/:id", [.get]), ("api/pipelines/:id/pause", [.post]),
        ("api/pipelines/:id/resume", [.post]), ("api/pipelines/:id/rescan", [.post]),
        ("api/deletions", [.get]), ("api/deletions/confirm", [.post]), ("api/deletions/discard", [.post]),
    ]
    private static let methods: [HTTPRequest.Method] =
        [.get, .head, .post, .put, .patch, .delete, .options, .trace]
        + ["QUERY"].compactMap { HTTPRequest.Method(rawValue: $0) }

    func add(to router: Router<BasicRequestContext>) {
        for (path, methods) in Self.known {
            // The router answers HEAD wherever it answers GET.
            let methods = methods.contains(.get) ? methods + [.head] : methods
            let allowed = methods.map(\.rawValue).joined(separator: ", ")
            for method in Self.methods where !methods.contains(method) {
                router.on(RouterPath(path), method: method) { _, _ in
                    var response = Response.problem(.methodNotAllowed, detail: "this path answers to \(allowed) only")
                    response.headers[.allow] = allowed
                    return method == .head ? response.createHeadResponse() : response
                }
            }
        }
        for method in Self.methods where method != .head {
            router.on("api/**", method: method) { _, _ in
                Response.problem(.notFound, detail: "no such path; '/openapi.json' lists them all")
            }
        }
    }
}
