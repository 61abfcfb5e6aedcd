import Glibc

/// The C library's converter from a legacy encoding to UTF-8.
///
/// Runs in the extraction child only: the converters of rare encodings have had memory errors.
final class SystemConverter {
    private let handle: iconv_t

    /// Nil when the system does not know the encoding.
    init?(from encoding: String) {
        guard let handle = iconv_open("UTF-8", encoding), Int(bitPattern: handle) != -1 else { return nil }
        self.handle = handle
    }

    deinit { iconv_close(self.handle) }

    /// Converts and removes what can be read of `input`; what cannot becomes U+FFFD, one byte each.
    ///
    /// - Parameters:
    ///   - input: Bytes; an incomplete character at the end stays unless `isLast`.
    ///   - isLast: Whether nothing will follow.
    ///   - output: Receives valid UTF-8.
    func convert(_ input: inout [UInt8], isLast: Bool, to output: inout [UInt8]) {
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        var consumed = 0
        while consumed < input.count {
            let (read, written, error) = self.step(input[consumed...], into: &buffer)
            output.append(contentsOf: buffer[..<written])
            consumed += read
            switch error {
            case 0, E2BIG: break
            case EINVAL where !isLast:
                input.removeFirst(consumed)
                return
            default:
                output.append(contentsOf: "\u{FFFD}".utf8)
                consumed += 1
            }
        }
        input = []
        if isLast { output.append(contentsOf: buffer[..<self.flush(into: &buffer)]) }
    }

    /// Takes out what a converter with a memory has kept of the last character, which a mark could have followed.
    private func flush(into buffer: inout [UInt8]) -> Int {
        buffer.withUnsafeMutableBytes { target in
            var to = target.baseAddress?.assumingMemoryBound(to: CChar.self)
            var toLeft = target.count
            _ = iconv(self.handle, nil, nil, &to, &toLeft)
            return target.count - toLeft
        }
    }

    private func step(_ input: ArraySlice<UInt8>, into buffer: inout [UInt8]) -> (Int, Int, CInt) {
        var input = input
        return input.withUnsafeMutableBytes { source in
            buffer.withUnsafeMutableBytes { target in
                var from = source.baseAddress?.assumingMemoryBound(to: CChar.self)
                var to = target.baseAddress?.assumingMemoryBound(to: CChar.self)
                var fromLeft = source.count
                var toLeft = target.count
                errno = 0
                let failed = iconv(self.handle, &from, &fromLeft, &to, &toLeft) == -1
                return (source.count - fromLeft, target.count - toLeft, failed ? errno : 0)
            }
        }
    }
}
