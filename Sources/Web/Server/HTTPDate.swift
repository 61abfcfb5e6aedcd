import Glibc

/// A moment as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
///
/// Source: RFC 9110, 5.6.7.
package struct HTTPDate: CustomStringConvertible, Sendable {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private let seconds: time_t

    /// - Parameter seconds: In Unix time; the present by default.
    package init(seconds: Int = time(nil)) { self.seconds = seconds }

    package var description: String {
        var seconds = self.seconds
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(Self.twoDigits).joined(separator: ":")
        let date = "\(Self.twoDigits(parts.tm_mday)) \(Self.months[Int(parts.tm_mon)]) \(1_900 + parts.tm_year)"
        return "\(Self.days[Int(parts.tm_wday)]), \(date) \(time) GMT"
    }

    private static func twoDigits(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
