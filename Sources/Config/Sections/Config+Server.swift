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
        /// `public`: the directory with the status page.
        ///
        /// Default `/usr/share/corpusd/public`.
        package var publicDirectory: String
        /// `heartbeat_interval`: time between two `heartbeat` events, 1s to 1h.
        ///
        /// Default 30s.
        package var heartbeatInterval: Duration

        init(from yaml: inout MappingReader) {
            self.listen =
                yaml.value("listen", ListenAddress.init)?.value
                ?? ListenAddress(host: "127.0.0.1", port: 8003)
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
        }
    }
}
