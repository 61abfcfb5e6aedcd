import FoundationEssentials

/// Numbers and times as people write them.
enum PlainWords {
    /// `1,204`.
    static func number(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
            result.append(digit)
        }
        return value < 0 ? "-" + result : result
    }

    /// `1 file`, `1,204 files`.
    static func counted(_ value: Int, _ noun: String) -> String {
        "\(Self.number(value)) \(value == 1 ? noun : "\(noun)s")"
    }

    /// A rate or a duration: one decimal while it is small, none when it is large.
    static func rounded(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let bounded = min(max(value, 0), 1e12)
        guard bounded > 0, bounded < 9.95 else { return Self.number(Int(bounded.rounded())) }
        let tenths = Int((bounded * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// A length of time in its one or two largest units: `12 s`, `5 min`, `3 h 20 min`, `4 d 2 h`.
    static func span(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "–" }
        let all = Int(min(max(seconds, 0), 1e12))
        switch all {
        case ..<60: return "\(all) s"
        case ..<3_600: return "\(all / 60) min"
        case ..<86_400: return Self.joined(all / 3_600, "h", all % 3_600 / 60, "min")
        default: return Self.joined(all / 86_400, "d", all % 86_400 / 3_600, "h")
        }
    }

    /// How long something took: `2.4 s`, `48 ms`, `3 min`.
    static func took(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "–" }
        if seconds < 1 { return "\(Int((max(seconds, 0) * 1_000).rounded())) ms" }
        return seconds < 60 ? "\(Self.rounded(seconds)) s" : Self.span(seconds)
    }

    /// Time until a moment as a clock: `0:42`, `12:05`, `1:00:10`.
    static func clock(until moment: Date, now: Date) -> String {
        let all = Int(min(max(moment.timeIntervalSince(now), 0), 1e12).rounded(.up))
        let pad = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        let (hours, minutes, seconds) = (all / 3_600, all % 3_600 / 60, all % 60)
        return hours > 0 ? "\(hours):\(pad(minutes)):\(pad(seconds))" : "\(minutes):\(pad(seconds))"
    }

    /// `12 s ago`; `now` for the last two seconds and for clocks that disagree.
    static func ago(_ moment: Date, now: Date) -> String {
        let seconds = now.timeIntervalSince(moment)
        return seconds < 2 ? "now" : "\(Self.span(seconds)) ago"
    }

    /// Bytes in decimal units: `4.2 MB`.
    static func bytes(_ count: Int) -> String {
        var amount = Double(max(count, 0))
        var unit = 0
        let units = ["B", "kB", "MB", "GB", "TB"]
        while amount >= 999.5, unit < units.count - 1 {
            amount /= 1_000
            unit += 1
        }
        return "\(unit == 0 ? Self.number(Int(amount)) : Self.rounded(amount)) \(units[unit])"
    }

    private static func joined(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
        small > 0 ? "\(large) \(largeUnit) \(small) \(smallUnit)" : "\(large) \(largeUnit)"
    }
}
