extension Config.SocketIO {
    /// `socketio.recovery`: what a client gets back that lost its connection and returns.
    package struct Recovery: Equatable, Sendable {
        /// `enabled`: whether it gets exactly what it missed; if not, it starts with a fresh status.
        ///
        /// Default true.
        package var isEnabled: Bool
        /// `max_disconnection`: how long it may have been away, 1s to 1d.
        ///
        /// Default 2m.
        package var maxDisconnection: Duration
        /// `max_events`: how many events are kept for all clients together, 1 to 1,000,000.
        ///
        /// Default 10,000.
        package var maxEvents: Int
        /// `max_bytes`: how many bytes of them, 64KiB to 256MiB.
        ///
        /// Default 16MiB.
        package var maxBytes: Int

        init(from yaml: inout MappingReader) {
            self.isEnabled = yaml.bool("enabled", default: true)
            self.maxDisconnection = yaml.duration(
                "max_disconnection", in: .seconds(1) ... .seconds(86_400), default: .seconds(120)
            )
            self.maxEvents = yaml.int("max_events", in: 1...1_000_000, default: 10_000)
            self.maxBytes = yaml.byteCount(
                "max_bytes",
                in: ByteCount(bytes: 1 << 16)...ByteCount(bytes: 1 << 28),
                default: ByteCount(bytes: 16 << 20)
            )
        }
    }
}
