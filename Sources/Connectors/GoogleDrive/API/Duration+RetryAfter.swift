import FoundationEssentials
import Ingest

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
        let date = RetryAfter.date(String(trimmed))
        guard let seconds = Int(trimmed) ?? date.map({ Int($0.timeIntervalSince1970) - now }) else { return nil }
        self = .seconds(Swift.max(0, Swift.min(seconds, Self.longestRetryAfter)))
    }
}
