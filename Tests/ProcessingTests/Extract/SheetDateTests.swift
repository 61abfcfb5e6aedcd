import FoundationEssentials
import Processing
import Testing

@Suite("Dates in sheets")
struct SheetDateTests {
    /// The calendar's word, for counts from 1 March 1900 on, where Excel's count and the calendar agree.
    @Test func everyDayIsTheCalendars() {
        for day in stride(from: 61, through: 2_958_465, by: 97) {
            // Day 25,569 is 1 January 1970.
            let date = Date(timeIntervalSince1970: Double(day - 25_569) * 86_400)
            let expected = date.formatted(.iso8601.year().month().day())
            #expect(SerialDate(number: Double(day), is1904: false).shown(.date) == expected)
            if day >= 1_462 {
                #expect(SerialDate(number: Double(day - 1_462), is1904: true).shown(.date) == expected)
            }
        }
    }

    @Test(arguments: [
        (1, "1900-01-01"), (59, "1900-02-28"), (60, "1900-02-28"), (61, "1900-03-01"), (2_958_465, "9999-12-31"),
    ])
    func edgesOfTheCount(number: Double, expected: String) {
        #expect(SerialDate(number: number, is1904: false).shown(.date) == expected)
    }

    @Test(arguments: [-1, 2_958_466, Double.infinity, -Double.infinity, Double.nan, Double.greatestFiniteMagnitude])
    func whatIsNoDateIsNotShownAsOne(number: Double) {
        #expect(SerialDate(number: number, is1904: false).shown([.date, .time]) == nil)
        #expect(SerialDate(number: number, is1904: true).shown(.time) == nil)
    }

    @Test func timesOfDay() {
        let morning = 45_429 + 37_805.0 / 86_400
        #expect(SerialDate(number: morning, is1904: false).shown([.date, .time]) == "2024-05-17 10:30:05")
        #expect(SerialDate(number: morning, is1904: false).shown(.date) == "2024-05-17")
        #expect(SerialDate(number: morning, is1904: false).shown(.time) == "10:30:05")
        #expect(SerialDate(number: 0.4375, is1904: false).shown(.time) == "10:30")
        #expect(SerialDate(number: 45_429, is1904: false).shown([.date, .time]) == "2024-05-17")
        // What rounds to midnight is the next day's, not 24:00.
        #expect(SerialDate(number: 45_428.999_999_9, is1904: false).shown([.date, .time]) == "2024-05-17")
    }

    static let formatCodes: [(String, SerialDate.Parts)] = [
        ("yyyy-mm-dd", .date), ("[$-409]d\\-mmm\\-yy;@", .date), ("h:mm AM/PM", .time), ("[h]:mm:ss", .time),
        ("[ss].00", .time), ("m/d/yy h:mm", [.date, .time]), ("YYYY/MM/DD HH:MM", [.date, .time]), ("0.00", []),
        ("General", []), ("@", []), ("#,##0 \"days\"", []), ("0\\d", []), ("0_d", []), ("0*-d", .date),
        ("[Red]0", []), ("0;d", []), ("\"yyyy", []), ("[yyyy", []), ("", []),
    ]

    @Test(arguments: Self.formatCodes)
    func formats(code: String, expected: SerialDate.Parts) {
        #expect(SheetStyles.parts(ofFormat: code) == expected)
    }
}
