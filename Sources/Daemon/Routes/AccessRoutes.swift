import Hummingbird
import Ingest
import SocketIO

/// `GET /api/access`: what the client may do with the token that it sent, or without one.
///
/// Anybody may ask, so that a page knows what to show before it has a token; a wrong one was refused before.
struct AccessRoutes: Sendable {
    let access: AccessControl
    let pipelines: [Pipeline]

    func add(to router: Router<BasicRequestContext>) {
        router.get("api/access") { request, _ -> Response in
            let grant = self.access.grantIfAny(of: request)
            let covered = self.pipelines.map(\.id).filter { grant?.covers($0) ?? false }
            let isEverything = grant.map { $0.pipelines == nil } ?? false
            return .json([
                "role": .string(grant?.role.name ?? "none"),
                "pipelines": isEverything ? .null : .array(covered.map { .string($0.rawValue) }),
                "token_required": .bool(self.access.needsToken),
            ])
        }
    }
}

extension Grant.Role {
    /// As the configuration and the wire have it.
    fileprivate var name: String {
        switch self {
        case .read: "read"
        case .control: "control"
        }
    }
}
