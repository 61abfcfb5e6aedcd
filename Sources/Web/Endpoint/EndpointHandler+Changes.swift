import NIOCore
import NIOHTTP1

/// Who may change something: there are no accounts, so only this machine's own user, and no web page of another's.
extension EndpointHandler {
    /// Headers by which a proxy says that it speaks for somebody else, who may be anywhere.
    private static let proxyHeaders = ["forwarded", "x-forwarded-for", "x-real-ip"]

    /// Whether a request for a route may be served.
    ///
    /// One that only reads always may. One that changes something must come over a loopback connection that no proxy
    /// relays, call the server by a name that cannot be an attacker's (a page's own name may lead here, too), and, if a
    /// browser sends it, be of a page of this server.
    func permitsMethod(of head: HTTPRequestHead, _ context: ChannelHandlerContext) -> Bool {
        switch head.method {
        case .GET, .HEAD, .OPTIONS: return true
        default: break
        }
        guard let host = head.headers.first(name: "host"), self.allowedHosts.isOwnName(host) else { return false }
        guard AllowedOrigins.none.permits(origin: head.headers.first(name: "origin"), host: host) else { return false }
        guard !Self.proxyHeaders.contains(where: { head.headers.contains(name: $0) }) else { return false }
        return Self.isLoopback(context.remoteAddress)
    }

    private static func isLoopback(_ address: SocketAddress?) -> Bool {
        guard let address = address?.ipAddress else { return false }
        return address.hasPrefix("127.") || address == "::1" || address.hasPrefix("::ffff:127.")
    }

    /// Refuses a request that would change something.
    func refuseChange(_ context: ChannelHandlerContext) {
        self.refuse(
            context,
            "forbidden: changes are accepted from this machine alone, and from no other site's page; "
                + "run 'corpusd retry' where the service runs\n"
        )
    }
}
