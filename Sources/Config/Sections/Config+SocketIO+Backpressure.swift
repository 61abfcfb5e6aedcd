extension Config.SocketIO {
    /// `socketio.backpressure`: how much may wait for one client that does not read; past it its connection ends.
    package struct Backpressure: Equatable, Sendable {
        /// `max_waiting_bytes`: 1MiB, more than the largest status has, to 1GiB.
        ///
        /// Default 4MiB.
        package var maxWaitingBytes: Int
        /// `max_waiting_packets`: 16 to 1,000,000.
        ///
        /// Default 16,384.
        package var maxWaitingPackets: Int

        init(from yaml: inout MappingReader) {
            self.maxWaitingBytes = yaml.byteCount(
                "max_waiting_bytes",
                in: ByteCount(bytes: 1 << 20)...ByteCount(bytes: 1 << 30),
                default: ByteCount(bytes: 4 << 20)
            )
            self.maxWaitingPackets = yaml.int("max_waiting_packets", in: 16...1_000_000, default: 16_384)
        }
    }
}
