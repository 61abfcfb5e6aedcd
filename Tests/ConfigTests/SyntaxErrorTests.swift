import Config
import Testing

@Suite("YAML")
struct SyntaxErrorTests {
    @Test(arguments: [
        ErrorCase(
            "tab as indentation", "log:\n\tlevel: info\n",
            "6:1: found character that cannot start any token while scanning for the next token: "
                + "indent with spaces, not tabs"
        ),
        ErrorCase(
            "pattern without quotes", "  include:\n  - *.pdf\n",
            "6:5: did not find expected alphabetic or numeric character while scanning an alias: "
                + "quote a text that begins with '*' or '&'"
        ),
        ErrorCase(
            "pattern that reads as an alias", "  include: [*pdf]\n",
            "5:13: alias '*pdf' names nothing above: quote a text that begins with '*'"
        ),
        ErrorCase(
            "star without quotes", "server: {cors_origins: [*]}\n",
            "5:25: did not find expected alphabetic or numeric character while scanning an alias: "
                + "quote a text that begins with '*' or '&'"
        ),
        ErrorCase(
            "reserved character", "log: {level: @info}\n",
            "5:14: found character that cannot start any token while scanning for the next token: "
                + "quote a text that begins with this character"
        ),
        ErrorCase(
            "bracket not closed", "log: {level: info\n",
            "6:1: did not find expected ',' or '}' while parsing a flow mapping that begins at line 5, column 6"
        ),
        ErrorCase(
            "quote not closed", "log: {level: 'info}\n",
            "6:1: found unexpected end of stream while scanning a quoted scalar that begins at line 5, column 14"
        ),
        ErrorCase(
            "missing colon", "log:\n  level info\n  a: b\n",
            "7:4: mapping values are not allowed in this context"
        ),
        ErrorCase(
            "wrong indentation", "   log: {}\n",
            "5:7: mapping values are not allowed in this context"
        ),
        ErrorCase(
            "control character", "log: {level: in\u{0}fo}\n",
            "5:16: control characters are not allowed: save the file as UTF-8 text"
        ),
        ErrorCase(
            "directive of another version", file: "%YAML 2.0\n---\n{}\n", "1:1: found incompatible YAML document"
        ),
        ErrorCase(
            "directive as a value", "log: {level: %info}\n",
            "5:14: found character that cannot start any token while scanning for the next token: "
                + "quote a text that begins with this character"
        ),
        ErrorCase(
            "many directives", file: (1...50_000).map { "%TAG !a\($0)! b\n" }.joined(),
            "17:1: more than 16 times '%TAG': remove them, none is needed"
        ),
        ErrorCase(
            "second document", "---\nlog: {}\n",
            "5:1: a second document begins here: a configuration is one document, remove the '---' or what follows"
        ),
        ErrorCase(
            "tag", "log: {level: !!str info}\n",
            "5:14: tag 'tag:yaml.org,2002:str' is not allowed: remove it, or quote a text that begins with '!'"
        ),
        ErrorCase(
            "tag of a language", "log: !!python/object {}\n",
            "5:6: tag 'tag:yaml.org,2002:python/object' is not allowed: "
                + "remove it, or quote a text that begins with '!'"
        ),
        ErrorCase(
            "pattern that reads as a tag", "  exclude:\n  - !draft*\n",
            "6:5: tag '!draft*' is not allowed: remove it, or quote a text that begins with '!'",
            "6:5: 'pipelines[0].exclude[0]' has no value: write one, or remove the line"
        ),
        ErrorCase(
            "alias inside what it names", "log: &a {level: *a}\n", "5:17: alias '*a' stands inside what it names"
        ),
        ErrorCase(
            "anchor used twice", "log: {level: &a info}\nstore: {path: &a x}\n",
            "6:15: duplicate anchor '&a': give each its own name"
        ),
        ErrorCase(
            "deep nesting", "log: " + String(repeating: "[", count: 100_000),
            "5:37: nested more than 32 levels deep"
        ),
        ErrorCase(
            "too many values", "log: [" + String(repeating: "1,", count: 11_000) + "]\n",
            "5:19983: more than 10000 values, each alias counted as what it stands for"
        ),
    ])
    func endsTheReading(_ example: ErrorCase) { example.check() }

    @Test func aliasBombIsBounded() {
        let levels = (1...30).map { level in
            "- &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ","))]\n"
        }
        ErrorCase(
            "bomb", file: "log:\n- &a0 [x]\n" + levels.joined(),
            "6:28: more than 10000 values, each alias counted as what it stands for"
        ).check()
    }

    @Test(arguments: [
        ([0xFF, 0xFE, 0x61, 0x00], "1:1: error: invalid leading UTF-8 octet: save the file as UTF-8 text"),
        (
            [0x61, 0x0A, 0xC3, 0xA4, 0xE9, 0x0A],
            "2:2: error: incomplete UTF-8 octet sequence: save the file as UTF-8 text"
        ),
        ([0x61, 0xE2, 0x28, 0xA1], "1:3: error: invalid trailing UTF-8 octet: save the file as UTF-8 text"),
    ])
    func otherEncodingIsRefused(bytes: [UInt8], error: String) {
        let thrown = #expect(throws: InvalidConfiguration.self) {
            try Config(yaml: bytes, file: "c.yaml", directory: "/")
        }
        #expect(thrown?.description == "c.yaml:\(error)")
    }

    @Test func fileOfMoreThanAMebibyteIsRefused() {
        ErrorCase(
            "large", "#" + String(repeating: "x", count: Config.sizeLimit),
            "1:1: larger than 1048576 bytes: name a configuration file"
        ).check()
    }

    @Test func byteOrderMarkAndWindowsLineEndsAreRead() throws {
        let yaml = "\u{FEFF}" + ErrorCase.pipeline.replacing("\n", with: "\r\n")
        let config = try Config(yaml: yaml, file: "c.yaml", directory: "/")
        #expect(config.pipelines.map(\.id) == ["docs"])
    }

    @Test func aliasStandsForItsValue() throws {
        let yaml = ErrorCase.pipeline + "  include: &text ['*.md', '*.txt']\n  exclude: *text\n"
        let config = try Config(yaml: yaml, file: "c.yaml", directory: "/")
        #expect(config.pipelines.first?.exclude == ["*.md", "*.txt"])
    }
}
