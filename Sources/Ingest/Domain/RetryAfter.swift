package import FoundationEssentials

/// The header by which a service says when to come back: seconds, or a date (RFC 9110, section 10.2.3).
package enum RetryAfter {
    /// - Returns: Nil where it is missing or neither; a date that is over is no time at all.
    package static func duration(_ value: String?, now: Date) -> Duration? {
        guard let value = value?.trimmed, value.utf8.count <= 64 else { return nil }
        if let seconds = Double(value), seconds.isFinite, (0...86_400 * 365).contains(seconds) {
            return .milliseconds(Int(seconds * 1_000))
        }
        return Self.date(value).map { Duration.milliseconds(Int(max(0, $0.timeIntervalSince(now)) * 1_000)) }
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`; the two obsolete forms are not read.
    package static func date(_ text: String) -> Date? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split(whereSeparator: { $0 == " " || $0 == ":" })
        guard words.count == 8, words[7] == "GMT", let month = months.firstIndex(of: String(words[2])),
            let day = Int(words[1]), let year = Int(words[3]), let hour = Int(words[4]), let minute = Int(words[5]),
            let second = Int(words[6]),
            (1...31).contains(day), (1_970...9_999).contains(year), (0..<24).contains(hour), (0..<60).contains(minute),
            (0...60).contains(second)
        else { return nil }
        return Date(
            timeIntervalSince1970: Double(
                Self.days(year, month + 1, day) * 86_400 + hour * 3_600 + minute * 60 + second))
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar: years are counted from March, so that a leap day is last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}

extension String {
    fileprivate var trimmed: String { String(self.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
