extension Config.SocketIO {
    /// `socketio.rate_limit`: how much one client may send; past it its connection ends.
    package struct RateLimit: Equatable, Sendable {
        /// `packets_per_second`: 1 to 1,000,000; nil, written `unlimited`, is no limit.
        ///
        /// Default 100.
        package var packetsPerSecond: Int?
        /// `bytes_per_second`: 1kB to 1GB; nil, written `unlimited`, is no limit.
        ///
        /// Default 1MB.
        package var bytesPerSecond: Int?
        /// `burst`: what a client that was silent may send at once, as the time in which it might have sent it.
        ///
        /// 1s to 5m. Default 10s.
        package var burst: Duration

        /// The most bytes that may come at once; nil without a limit.
        package var burstBytes: Int? { self.bytesPerSecond.map { Self.product($0, self.burst) } }

        /// The most packets that may come at once; nil without a limit.
        package var burstPackets: Int? { self.packetsPerSecond.map { Self.product($0, self.burst) } }

        init(from yaml: inout MappingReader) {
            self.packetsPerSecond = yaml.optional("packets_per_second", none: "unlimited", default: 100) {
                scalar throws(InvalidValue) in try Int(scalar, in: 1...1_000_000, or: "unlimited")
            }
            self.bytesPerSecond = yaml.optional("bytes_per_second", none: "unlimited", default: 1_000_000) {
                scalar throws(InvalidValue) in
                try ByteCount(scalar, in: ByteCount(bytes: 1_000) ... .megabytes(1_000), or: "unlimited").bytes
            }
            self.burst = yaml.duration("burst", in: .seconds(1) ... .seconds(300), default: .seconds(10))
        }

        private static func product(_ rate: Int, _ time: Duration) -> Int {
            Int((Double(rate) * (time / .seconds(1))).rounded())
        }
    }
}
