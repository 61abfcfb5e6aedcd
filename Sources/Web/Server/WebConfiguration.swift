/// Where the web server listens and what it serves besides routes and sockets.
package struct WebConfiguration: Sendable {
    /// A name or an address, IPv4 or IPv6.
    package var host: String
    /// 0 lets the system choose.
    package var port: Int
    /// Descriptors of sockets that listen already, which are used in place of `host` and `port`; none binds those.
    package var inheritedSockets: [CInt]
    /// The directory of the static files; nil serves none.
    package var filesDirectory: String?
    /// Added to every answer but the sockets': Content-Security-Policy and its like.
    package var headers: [(name: String, value: String)]
    /// Which pages of other origins may read routes and files; the sockets have their own.
    package var allowedOrigins: AllowedOrigins
    /// Which names a request may call the server by.
    package var allowedHosts: AllowedHosts
    /// Which requests for routes and files are let in; nil lets all in.
    package var gate: RouteGate?
    /// The path below which a proxy shows the server: begins with a slash, does not end with one; empty for the root.
    package var basePath = ""
    /// Whose word is taken for the address of a client.
    package var trustedProxies = TrustedProxies()
    /// The certificate that the server shows; nil speaks plain HTTP.
    package var tls: TLSIdentity?
    /// TCP connections, whatever they carry.
    package var connections: ConnectionLimits
    /// How long a client may take over one request, however slowly it sends; for the sockets' endpoint.
    package var requestTimeout: Duration
    /// A connection on which nothing happens is closed after this.
    package var idleTimeout: Duration
    /// How long a request in hand may take after the server was told to stop.
    package var shutdownGrace: Duration

    /// The defaults serve a page to the machine itself.
    ///
    /// - Parameters:
    ///   - host: Where to listen.
    ///   - port: Where to listen.
    ///   - inheritedSockets: Used instead, if there is any; the server closes them.
    ///   - filesDirectory: Served under `/`, below the routes.
    ///   - fileHeaders: Added to every answer but the sockets'.
    ///   - allowedOrigins: For routes and files.
    ///   - allowedHosts: Every name, unless the listener is for this machine only.
    ///   - connections: A client that polls uses two.
    ///   - requestTimeout: A megabyte over a bad phone line.
    ///   - idleTimeout: Longer than the keep-alive of common proxies, which is 60 s.
    ///   - shutdownGrace: Below the 10 s that supervisors commonly wait.
    package init(
        host: String = "127.0.0.1",
        port: Int = 8003,
        inheritedSockets: [CInt] = [],
        filesDirectory: String? = nil,
        fileHeaders: [(name: String, value: String)] = [],
        allowedOrigins: AllowedOrigins = .none,
        allowedHosts: AllowedHosts = .any,
        connections: ConnectionLimits = ConnectionLimits(total: 20_000, perAddress: 20_000),
        requestTimeout: Duration = .seconds(30),
        idleTimeout: Duration = .seconds(75),
        shutdownGrace: Duration = .seconds(5)
    ) {
        self.host = host
        self.port = port
        self.inheritedSockets = inheritedSockets
        self.filesDirectory = filesDirectory
        self.headers = fileHeaders
        self.allowedOrigins = allowedOrigins
        self.allowedHosts = allowedHosts
        self.connections = connections
        self.requestTimeout = requestTimeout
        self.idleTimeout = idleTimeout
        self.shutdownGrace = shutdownGrace
    }
}
