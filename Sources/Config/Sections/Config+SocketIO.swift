extension Config {
    /// `socketio`: how clients of the live events are treated.
    package struct SocketIO: Equatable, Sendable {
        /// `allow_eio3`: whether clients of the years before 2020 (Socket.IO 1 and 2) may connect.
        ///
        /// Default false.
        package var allowEIO3: Bool
        /// `max_payload`: the largest request or message of a client, in bytes.
        ///
        /// 1kB to 100MB. Default 1MB.
        package var maxPayload: Int
        /// `ping_interval`: how long the server waits with the next ping to a client, 1s to 1h.
        ///
        /// Default 25s.
        package var pingInterval: Duration
        /// `ping_timeout`: how long a client may take to answer a ping, 1s to 1h.
        ///
        /// Default 20s.
        package var pingTimeout: Duration
        /// `max_attachments`: binary attachments of one message of a client, 0 to 1000.
        ///
        /// Default 10.
        package var maxAttachments: Int
        /// `cookie`: the name of a cookie with the session's id, for proxies that balance by it.
        ///
        /// Nil, written `off` and the default, is none.
        package var cookie: String?
        /// `max_connections`: clients at once, 1 to 1,000,000.
        ///
        /// Default 10,000.
        package var maxConnections: Int
        /// `max_connections_per_address`: clients of one address at once, 1 to 1,000,000.
        ///
        /// Nil, written `unlimited` and the default, leaves it to `max_connections`: behind a proxy all clients have
        /// the proxy's address.
        package var maxConnectionsPerAddress: Int?
        package var rateLimit: RateLimit
        package var backpressure: Backpressure
        package var recovery: Recovery

        init(from yaml: inout MappingReader) {
            self.allowEIO3 = yaml.bool("allow_eio3", default: false)
            self.maxPayload = yaml.byteCount(
                "max_payload", in: ByteCount(bytes: 1_000) ... .megabytes(100), default: .megabytes(1)
            )
            let times = Duration.seconds(1) ... .seconds(3_600)
            self.pingInterval = yaml.duration("ping_interval", in: times, default: .seconds(25))
            self.pingTimeout = yaml.duration("ping_timeout", in: times, default: .seconds(20))
            self.maxAttachments = yaml.int("max_attachments", in: 0...1_000, default: 10)
            self.cookie = yaml.optional("cookie", none: "off") { scalar throws(InvalidValue) in
                try CookieName(scalar).text
            }
            self.maxConnections = yaml.int("max_connections", in: 1...1_000_000, default: 10_000)
            self.maxConnectionsPerAddress = yaml.optional("max_connections_per_address", none: "unlimited") {
                scalar throws(InvalidValue) in try Int(scalar, in: 1...1_000_000, or: "unlimited")
            }
            self.rateLimit = yaml.section("rate_limit") { RateLimit(from: &$0) }
            self.backpressure = yaml.section("backpressure") { Backpressure(from: &$0) }
            self.recovery = yaml.section("recovery") { Recovery(from: &$0) }
            self.reportLargePayload(in: &yaml)
        }

        /// Reports a message size that the rate limit would never let through.
        private func reportLargePayload(in yaml: inout MappingReader) {
            guard !yaml.hasProblems, let bytes = self.rateLimit.burstBytes, self.maxPayload > bytes else { return }
            if yaml.has("max_payload") {
                yaml.report(
                    "max_payload",
                    "is \(self.maxPayload) bytes, of which 'rate_limit' lets \(bytes) through at once: "
                        + "raise 'rate_limit.bytes_per_second' or 'rate_limit.burst'",
                    at: yaml.mark(of: "max_payload")
                )
            } else {
                yaml.report(
                    "rate_limit",
                    "lets \(bytes) bytes through at once, less than a message may have: "
                        + "raise it, or add 'max_payload: \(bytes)'",
                    at: yaml.mark(of: "rate_limit")
                )
            }
        }
    }
}
