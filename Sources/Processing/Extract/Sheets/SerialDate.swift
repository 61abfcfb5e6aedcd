/// A date as Excel counts it: days since the end of 1899, the time of day as their fraction.
package struct SerialDate {
    /// What of it is shown.
    package struct Parts: OptionSet, Sendable {
        package let rawValue: Int
        package static let date = Parts(rawValue: 1)
        package static let time = Parts(rawValue: 2)

        package init(rawValue: Int) { self.rawValue = rawValue }
    }

    private static let secondsPerDay = 86_400
    /// Days from 1 March of the year 0 to the day 0 of each count.
    private static let start1900 = 693_899
    private static let start1904 = 695_361
    /// Days that a count may reach, to the year 9999.
    private static let last = 2_958_466.0

    package let number: Double
    /// Whether the count begins with 1904, as in workbooks of old Macs.
    package let is1904: Bool

    package init(number: Double, is1904: Bool) {
        self.number = number
        self.is1904 = is1904
    }

    /// `2024-05-17`, `2024-05-17 10:30`, `10:30:05`; nil for a number that is no date.
    package func shown(_ parts: Parts) -> String? {
        guard self.number >= 0, self.number < Self.last else { return nil }
        let seconds = Int((self.number * Double(Self.secondsPerDay)).rounded())
        let time = self.time(seconds % Self.secondsPerDay)
        guard parts.contains(.date) else { return time }
        let date = self.date(seconds / Self.secondsPerDay)
        return parts.contains(.time) && seconds % Self.secondsPerDay != 0 ? "\(date) \(time)" : date
    }

    private func time(_ seconds: Int) -> String {
        let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60)
        return "\(Self.padded(hours, 2)):\(Self.padded(minutes, 2))" + (rest == 0 ? "" : ":\(Self.padded(rest, 2))")
    }

    /// The calendar day, counted in years that begin with March, so that leap days come last.
    private func date(_ days: Int) -> String {
        // The count of 1900 has a 29 February that the year had not.
        let leap = !self.is1904 && days < 60 ? 1 : 0
        let count = days + (self.is1904 ? Self.start1904 : Self.start1900) + leap
        let era = count / 146_097
        let ofEra = count % 146_097
        let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * ofYear + 2) / 153
        let day = ofYear - (153 * month + 2) / 5 + 1
        let calendarMonth = month < 10 ? month + 3 : month - 9
        let year = era * 400 + yearOfEra + (calendarMonth <= 2 ? 1 : 0)
        return "\(Self.padded(year, 4))-\(Self.padded(calendarMonth, 2))-\(Self.padded(day, 2))"
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = "\(number)"
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}
