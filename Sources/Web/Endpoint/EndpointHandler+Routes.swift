import EngineIO
import NIOCore
import NIOHTTP1

/// What happens to a request for a route or a file before Hummingbird sees it.
extension EndpointHandler {
    /// Takes the base path away, if the request has it; a proxy may have done so already.
    func withoutBasePath(_ head: HTTPRequestHead) -> HTTPRequestHead {
        guard !self.basePath.isEmpty, head.uri.hasPrefix(self.basePath) else { return head }
        let rest = head.uri.dropFirst(self.basePath.count)
        guard rest.hasPrefix("/") else { return head }
        var head = head
        head.uri = String(rest)
        return head
    }

    /// Sends a browser that asks for the base path without its slash to where the page's own addresses work.
    func redirectsToBasePath(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) -> Bool {
        guard !self.basePath.isEmpty, head.uri == self.basePath else { return false }
        self.refuse(
            RouteRefusal(status: 308, headers: [("Location", self.basePath + "/")], body: []), head, context)
        return true
    }

    /// Why a request is not let in; nil if it is.
    func refusal(of head: HTTPRequestHead, path: Substring, _ context: ChannelHandlerContext) -> RouteRefusal? {
        guard let gate = self.gate else { return nil }
        let request = RouteRequest(
            method: head.method.rawValue,
            path: String(path),
            remoteAddress: self.clientAddress(head, context),
            isForwarded: TrustedProxies.isForwarded { head.headers.contains(name: $0) },
            isFromOwnAddress: self.isFromOwnAddress(context),
            headers: head.headers.map { (name: $0.name, value: $0.value) }
        )
        return gate(request)
    }

    /// The address of the client that a request is from; empty if the connection has none.
    func clientAddress(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) -> String {
        self.trustedProxies.client(head.headers, peer: context.remoteAddress?.ipAddress ?? "")
    }

    /// Whether both ends of a connection have the same address: no packet from elsewhere gets an answer then.
    func isFromOwnAddress(_ context: ChannelHandlerContext) -> Bool {
        guard let peer = context.remoteAddress?.ipAddress else { return false }
        return peer == context.localAddress?.ipAddress
    }

    /// Answers a request that is not let in, and reads no more of it than it must.
    func refuse(_ refusal: RouteRefusal, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        self.state = .discarding
        var headers = HTTPHeaders(refusal.headers.map { ($0.name, $0.value) })
        headers.add(name: "Content-Length", value: String(refusal.body.count))
        headers.add(name: "Connection", value: "close")
        for (name, value) in self.routeOrigins.headers(for: head.headers.first(name: "origin")) {
            headers.add(name: name, value: value)
        }
        self.write(
            status: HTTPResponseStatus(statusCode: refusal.status),
            headers: headers,
            body: head.method == .HEAD ? nil : ByteBuffer(bytes: refusal.body),
            context
        )
    }
}
