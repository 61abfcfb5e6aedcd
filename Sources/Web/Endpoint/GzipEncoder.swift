import CZlib
import NIOCore

/// Compresses answers of polling requests; one for an event loop, as its tables take some 256 kB.
final class GzipEncoder {
    /// zlib's window of 32 kB, with a gzip header instead of its own.
    private static let windowBits: Int32 = 15 + 16
    /// Answers wait for this, and most of what there is to win is won by the first level.
    private static let level = Z_BEST_SPEED

    /// Where zlib expects to find it again: its tables point back at it.
    private let stream: UnsafeMutablePointer<z_stream>
    private let isReady: Bool

    init() {
        self.stream = .allocate(capacity: 1)
        self.stream.initialize(to: z_stream())
        self.isReady =
            deflateInit2_(
                self.stream, Self.level, Z_DEFLATED, Self.windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
    }

    deinit {
        if self.isReady { deflateEnd(self.stream) }
        self.stream.deallocate()
    }

    /// Compresses a body.
    ///
    /// - Returns: nil if zlib cannot; the body then goes as it is.
    func encode(_ body: ByteBuffer) -> ByteBuffer? {
        guard self.isReady, deflateReset(self.stream) == Z_OK else { return nil }
        let bound = Int(deflateBound(self.stream, UInt(body.readableBytes)))
        var input = body
        var encoded = ByteBuffer()
        var status = Z_OK
        encoded.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { output in
            input.readWithUnsafeMutableReadableBytes { bytes in
                self.stream.pointee.next_in = bytes.bindMemory(to: UInt8.self).baseAddress
                self.stream.pointee.avail_in = UInt32(bytes.count)
                self.stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
                self.stream.pointee.avail_out = UInt32(output.count)
                status = deflate(self.stream, Z_FINISH)
                return bytes.count
            }
            return output.count - Int(self.stream.pointee.avail_out)
        }
        return status == Z_STREAM_END ? encoded : nil
    }

    /// Whether a client takes gzip.
    ///
    /// - Parameter fields: The values of its `Accept-Encoding` headers, split at their commas.
    /// - Returns: False also for a client that names it with a quality of 0.
    static func isAccepted(_ fields: [Substring]) -> Bool {
        fields.contains { field in
            let parts = field.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            let isUnwanted = parts.dropFirst().contains { ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains($0) }
            return parts.first == "gzip" && !isUnwanted
        }
    }
}
