import Glibc

extension Duration {
    /// The longest that is read; what of it is obeyed, the pacer decides.
    private static let longestRetryAfter = 86_400

    /// Reads the header by which a server says when to come back: seconds, or a date (RFC 9110, section 10.2.3).
    ///
    /// Nil where it is missing or neither. A date that is over is no time at all.
    ///
    /// - Parameters:
    ///   - value: What `Retry-After` says; the two obsolete forms of dates are not read.
    ///   - now: Seconds since 1970.
    package init?(retryAfter value: String?, now: Int) {
        guard let value, value.utf8.count <= 64 else { return nil }
        let trimmed = value.drop { $0 == " " }
        guard let seconds = Int(trimmed) ?? Self.time(ofDate: String(trimmed)).map({ $0 - now }) else { return nil }
        self = .seconds(Swift.max(0, Swift.min(seconds, Self.longestRetryAfter)))
    }

    /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func time(ofDate text: String) -> Int? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])),
            let day = Int32(words[1]), (1...31).contains(day), let year = Int32(words[3]),
            (1_970...9_999).contains(year)
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int32($0) }
        guard clock.count == 3, clock.allSatisfy({ (0...60).contains($0) }) else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1_900, Int32(month), day)
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (clock[0], clock[1], clock[2])
        return timegm(&parts)
    }
}
