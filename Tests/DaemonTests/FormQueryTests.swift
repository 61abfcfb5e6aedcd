import Daemon
import Testing

@Suite("Queries of URLs")
struct FormQueryTests {
    @Test(arguments: [
        ("q=make+and%20sell", "make and sell"),
        ("q=a%2Bb", "a+b"),
        ("q=%C3%A4", "ä"),
        ("q=100%", "100%"),
        ("q=%zz", "%zz"),
        ("q=%4", "%4"),
        ("q=a=b", "a=b"),
        ("x=1&q=2&q=3", "2"),
        ("q=&q&q=3", "3"),
        ("%71=encoded+name", "encoded name"),
        ("q=%FF", "\u{FFFD}"),
    ])
    func reads(query: String, expected: String) {
        #expect(FormQuery(query)["q"] == expected)
    }

    @Test(arguments: [nil, "", "&&", "=", "x=1", "q", "q=", "q=&x=1"])
    func whatIsMissingOrEmptyIsNil(query: String?) {
        #expect(FormQuery(query)["q"] == nil)
    }
}
