extension Config {
    /// `server`: the HTTP port with the page, the interface and the live events.
    package struct Server: Equatable, Sendable {
        /// `listen`: where to wait for connections.
        ///
        /// Default `127.0.0.1:8003`, this machine only.
        package var listen: ListenAddress
        /// `cors_origins`: whose pages may talk to the server.
        ///
        /// Default none but its own.
        package var allowedOrigins: AllowedOrigins
        /// `allowed_hosts`: under which names it may be asked for.
        ///
        /// Default any, and where it listens on a loopback address just that machine's own.
        package var allowedHosts: AllowedHosts
        /// `auth`: who may read and who may control.
        package var auth: Auth
        /// `tls`: the certificate that the server shows.
        ///
        /// Nil, the default, speaks plain HTTP.
        package var tls: TLS?
        /// `trusted_proxies`: whose word is taken for the address of a client.
        ///
        /// Default none.
        package var trustedProxies: [AddressBlock]
        /// `base_path`: the path below which a proxy shows the server.
        ///
        /// Begins with a slash and does not end with one. Empty, the default, is the root.
        package var basePath: String
        /// `public`: the directory with the status page.
        ///
        /// Default `/usr/share/corpusd/public`.
        package var publicDirectory: String
        /// `heartbeat_interval`: time between two `heartbeat` events, 1s to 1h.
        ///
        /// Default 30s.
        package var heartbeatInterval: Duration

        init(from yaml: inout MappingReader) {
            let listen =
                yaml.value("listen", ListenAddress.init)?.value
                ?? ListenAddress(host: "127.0.0.1", port: 8003)
            self.listen = listen
            self.auth = yaml.section("auth", orWord: "none") { Auth(from: &$0, listen: listen) } ?? .off
            self.tls =
                yaml.has("tls") && !yaml.isEmpty("tls") ? yaml.section("tls") { TLS(from: &$0) } : yaml.absent("tls")
            self.trustedProxies =
                yaml.list("trusted_proxies") { scalar throws(InvalidValue) in try AddressBlock(scalar) } ?? []
            let basePath = yaml.value("base_path") { scalar throws(InvalidValue) in try BasePath(scalar) }
            self.basePath = basePath?.value.text ?? ""
            let origins = yaml.list("cors_origins") { scalar throws(InvalidValue) -> Origin? in
                scalar.text == "*" ? nil : try Origin(scalar)
            }
            self.allowedOrigins = AllowedOrigins(origins ?? [])
            let hosts = yaml.list("allowed_hosts") { scalar throws(InvalidValue) -> HostName? in
                scalar.text == "*" ? nil : try HostName(scalar)
            }
            self.allowedHosts = AllowedHosts(hosts ?? [])
            self.publicDirectory = yaml.path("public", default: AbsolutePath("/usr/share/corpusd/public")).string
            self.heartbeatInterval = yaml.duration(
                "heartbeat_interval", in: .seconds(1) ... .seconds(3_600), default: .seconds(30)
            )
            self.reportOpenListener(in: &yaml)
        }

        /// Reports a listener that everybody in the network could use without anybody having said so.
        private func reportOpenListener(in yaml: inout MappingReader) {
            guard !self.listen.isLoopback, !self.auth.guardsNetwork, !yaml.hasProblems else { return }
            yaml.report(
                "listen",
                "is open to other machines and no token guards it: add one to 'auth.tokens', "
                    + "write 'auth: none' to let everybody read, or listen on '127.0.0.1:\(self.listen.port)'",
                at: yaml.mark(of: "listen")
            )
        }
    }
}
