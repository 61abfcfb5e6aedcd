import Config
import Testing

@Suite("Pipelines")
struct PipelineErrorTests {
    @Test(arguments: ["", "Docs", "a b", "a/b", "ä", "a.b"])
    func idIsRefused(text: String) {
        ErrorCase(
            text, file: "pipelines:\n- {id: '\(text)', type: local_files, path: /srv}\n",
            "2:8: 'pipelines[0].id' must be 1 to 64 of a-z, 0-9, '_' and '-', not '\(text)'"
        ).check()
    }

    @Test func idOf65LettersIsRefused() {
        ErrorCase(
            "long", file: "pipelines:\n- {id: \(String(repeating: "x", count: 65)), type: local_files, path: /srv}\n",
            "2:8: 'pipelines[0].id' must be 1 to 64 of a-z, 0-9, '_' and '-', "
                + "not '\(String(repeating: "x", count: 60))…'"
        ).check()
    }

    @Test(arguments: [
        ("''", "must be a path, not an empty text"),
        ("\"/srv\\0x\"", "must be a path without a NUL character"),
        ("~/docs", "must be a path without '~', which is not expanded: write the home directory out"),
        ("'~'", "must be a path without '~', which is not expanded: write the home directory out"),
        ("/" + String(repeating: "x", count: 4_095), "must be a path of at most 4095 bytes"),
        (
            "/var", "must not contain the database '/var/lib/corpusd/corpusd.db': move 'store.path' elsewhere"
        ),
        ("/", "must not contain the database '/var/lib/corpusd/corpusd.db': move 'store.path' elsewhere"),
    ])
    func pathIsRefused(text: String, problem: String) {
        ErrorCase(
            text, file: "pipelines:\n- id: docs\n  type: local_files\n  path: \(text)\n",
            "4:9: 'pipelines[0].path' \(problem)"
        ).check()
    }

    @Test(arguments: [
        ("''", "it is empty: ''"),
        ("'[a-z'", "a '[' is not closed: add ']' or write '\\[': '[a-z'"),
        ("'x[]'", "a '[' is not closed: add ']' or write '\\[': 'x[]'"),
        ("'x[!]'", "a '[' is not closed: add ']' or write '\\[': 'x[!]'"),
        ("'x[a\\]'", "a '[' is not closed: add ']' or write '\\[': 'x[a\\]'"),
        ("'x\\'", "it ends with a '\\' that quotes nothing: 'x\\'"),
        ("'*.{md,txt'", "a '{' is not closed: add '}' or write '\\{': '*.{md,txt'"),
        ("'{{{{{{{{{a}}}}}}}}}'", "more than 8 '{' within each other: '{{{{{{{{{a}}}}}}}}}'"),
        ("'/srv/x'", "it begins with '/' but is matched below the folder: '/srv/x'"),
        ("'!*.tmp'", "a leading '!' has no meaning: use the other list: '!*.tmp'"),
        ("\"a\\0\"", "it contains a NUL character: 'a\\u{0}'"),
    ])
    func patternIsRefused(text: String, problem: String) {
        ErrorCase(
            text, "  include: ['*.md', \(text)]\n  exclude:\n  - \(text)\n",
            "5:21: 'pipelines[0].include[1]' is not a pattern such as '**/*.pdf' or 'reports/**', \(problem)",
            "7:5: 'pipelines[0].exclude[0]' is not a pattern such as '**/*.pdf' or 'reports/**', \(problem)"
        ).check()
    }

    @Test func patternOfMoreThan1024CharactersIsRefused() {
        ErrorCase(
            "long", "  include: ['\(String(repeating: "x", count: 1_025))']\n",
            "5:13: 'pipelines[0].include[0]' is not a pattern such as '**/*.pdf' or 'reports/**', "
                + "it is longer than 1024 characters: '\(String(repeating: "x", count: 60))…'"
        ).check()
    }

    @Test func includeOfNothingIsRefused() {
        ErrorCase(
            "empty", "  include: []\n",
            "5:12: 'pipelines[0].include' is empty: remove it to include every file"
        ).check()
    }

    @Test(arguments: [
        ErrorCase(
            "same id", "- id: docs\n  type: local_files\n  path: /home\n",
            "5:7: 'pipelines[1].id' must be unique: 'docs' is already used at line 2, column 7"
        ),
        ErrorCase(
            "same path", "- id: more\n  type: local_files\n  path: ../../srv/./docs/\n",
            "7:9: 'pipelines[1].path' '/srv/docs' is also the path at line 4, column 9, "
                + "so files would be indexed twice: watch folders apart from each other"
        ),
        ErrorCase(
            "inside", "- id: more\n  type: local_files\n  path: /srv/docs/more\n",
            "7:9: 'pipelines[1].path' '/srv/docs/more' lies inside the path at line 4, column 9, "
                + "so files would be indexed twice: watch folders apart from each other"
        ),
        ErrorCase(
            "around", "- id: more\n  type: local_files\n  path: /srv\n",
            "7:9: 'pipelines[1].path' '/srv' contains the path at line 4, column 9, "
                + "so files would be indexed twice: watch folders apart from each other"
        ),
        ErrorCase(
            "an alias of the whole entry",
            file: "pipelines:\n- &a {id: docs, type: local_files, path: /srv/docs}\n- *a\n",
            "2:11: 'pipelines[1].id' must be unique: 'docs' is already used at line 2, column 11",
            "2:42: 'pipelines[1].path' '/srv/docs' is also the path at line 2, column 42, "
                + "so files would be indexed twice: watch folders apart from each other"
        ),
        ErrorCase(
            "database in a watched folder", "store:\n  path: /srv/docs/state/corpusd.db\n",
            "4:9: 'pipelines[0].path' must not contain the database '/srv/docs/state/corpusd.db': "
                + "move 'store.path' elsewhere"
        ),
    ])
    func conflictIsReported(_ example: ErrorCase) { example.check() }

    @Test func folderWithTheSameBeginningIsAnother() throws {
        let yaml = ErrorCase.pipeline + "- id: more\n  type: local_files\n  path: /srv/docs-more\n"
        let config = try Config(yaml: yaml, file: "c.yaml", directory: "/")
        #expect(config.pipelines.map(\.path) == ["/srv/docs", "/srv/docs-more"])
    }

    @Test(arguments: ["20", "101%", "-1%", "half", "20 percent", "1.5%", "''"])
    func shareOfDeletionsIsRefused(text: String) {
        let shown = text == "''" ? "" : text
        ErrorCase(
            text, "  deletion:\n    hold_above: \(text)\n",
            "6:17: 'pipelines[0].deletion.hold_above' must be 'off' or a share from 0% to 100%, such as 20%, "
                + "not '\(shown)'"
        ).check()
    }

    @Test func deletionsMayBeLetGo() throws {
        let yaml = ErrorCase.pipeline + "  deletion: {hold_above: off}\n"
        let config = try Config(yaml: yaml, file: "c.yaml", directory: "/etc/corpusd")
        #expect(config.pipelines.first?.deletion.holdAbove == nil)
    }
}
