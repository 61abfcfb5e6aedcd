import Config
import Connectors
import Testing

/// The configuration is checked without the source: what one takes for a pattern the other must take too.
@Suite("Patterns of configuration and source")
struct GlobAgreementTests {
    @Test(arguments: [
        "*", "**/*.pdf", "a/**", "a/", "[ab]", "[]a]", "[!]a]", "[a-", "[", "[]", "[!", "[a\\]", "\\[", "\\", "a\\\\",
        "a\\",
        "{a,b}", "{a,{b,c}}", "{", "a{b", "a}", "}", "\\{", "{}", "{,}", "{{{{{{{{a}}}}}}}}", "{{{{{{{{{a}}}}}}}}}",
        "[{]",
        "{[}]}", "{a,[,]}", "ä*", "a b", String(repeating: "x", count: 1_024), String(repeating: "x", count: 1_025),
        "{a}{b}{c}{d}{e}{f}{g}{h}{i}",
    ])
    func bothSayTheSame(_ pattern: String) {
        #expect(Self.isAcceptedByConfiguration(pattern) == Self.isAcceptedBySource(pattern))
    }

    private static func isAcceptedByConfiguration(_ pattern: String) -> Bool {
        let quoted = "'" + pattern.replacing("'", with: "''") + "'"
        let yaml = "pipelines:\n- {id: docs, type: local_files, path: /srv/docs, exclude: [\(quoted)]}\n"
        return (try? Config(yaml: yaml, file: "c.yaml", directory: "/etc")) != nil
    }

    private static func isAcceptedBySource(_ pattern: String) -> Bool {
        (try? FileFilter(exclude: [pattern])) != nil
    }
}
