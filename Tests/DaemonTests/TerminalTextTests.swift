import Daemon
import SocketIO
import Testing

@Suite("Text on its way to a terminal")
struct TerminalTextTests {
    @Test(arguments: [
        ("plain", 5), ("日本", 4), ("e\u{301}", 1), ("\u{301}", 0), ("👍", 2), ("❤\u{FE0F}", 2), ("한글", 4), ("", 0),
    ])
    func widthsAreThoseOfTerminals(text: String, width: Int) { #expect(TerminalText.width(of: text) == width) }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("ab", 1, "…"),
        ("ab", 0, ""),
    ])
    func whatDoesNotFitEndsInAnEllipsis(text: String, width: Int, expected: String) {
        #expect(TerminalText.clipped(text, to: width) == expected)
    }

    @Test func nothingSteersTheTerminal() {
        let hostile = "a\u{1B}[2J\u{9B}31m\u{202E}b\u{2066}c\u{2028}d\n"
        let expected = "a\u{FFFD}[2J\u{FFFD}31m\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}"
        #expect(TerminalText.printable(hostile) == expected)
        #expect(TerminalText.name(hostile) == expected)
        #expect(TerminalText.printable("soft\u{AD}hyphen \u{200F}mark") == "soft\u{AD}hyphen \u{200F}mark")
        #expect(TerminalText.name("soft\u{AD}hyphen\u{200B}") == "soft\u{FFFD}hyphen\u{FFFD}")
    }

    @Test func aLineBreakInANameMakesNoOtherFile() {
        let file: JSONValue = [
            "state": "failed", "pipeline_id": "docs", "path": "a\nstored    docs  b", "id": "1",
            "error": ["stage": "extraction", "attempt": 1, "message": "it is\ndamaged", "next_attempt_at": .null],
        ]
        #expect(
            FileListing.text(file) == """
                failed    docs  a\u{FFFD}stored    docs  b  [1]
                          extraction, attempt 1, no further attempt: it is\u{FFFD}damaged
                """)
    }
}
