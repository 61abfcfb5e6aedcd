import Glibc

extension [UInt8] {
    /// Looks for a run of bytes.
    ///
    /// - Parameters:
    ///   - pattern: Not empty.
    ///   - start: Where to begin, at most `count`.
    /// - Returns: Where it begins next; nil if it does not occur any more.
    func firstIndex(of pattern: [UInt8], from start: Int = 0) -> Int? {
        self.withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress, let head = pattern.first else { return nil }
            let last = bytes.count - pattern.count
            var place = start
            while place <= last {
                guard let found = memchr(base + place, CInt(head), last - place + 1) else { return nil }
                if memcmp(found, pattern, pattern.count) == 0 { return base.distance(to: UnsafeRawPointer(found)) }
                place = base.distance(to: UnsafeRawPointer(found)) + 1
            }
            return nil
        }
    }
}
