import Config
import Testing

@Suite("Keys and types")
struct StructureErrorTests {
    private static let advice =
        "list at least one folder, as in '- {id: documents, type: local_files, path: /srv/documents}'"

    @Test(arguments: [
        ErrorCase("empty file", file: "", "1:1: 'pipelines' is missing: \(Self.advice)"),
        ErrorCase("only comments", file: "# nothing\n", "1:1: 'pipelines' is missing: \(Self.advice)"),
        ErrorCase("empty document", file: "---\n", "1:1: 'pipelines' is missing: \(Self.advice)"),
        ErrorCase(
            "root is a list", file: "- id: docs\n",
            "1:1: a configuration must be a mapping of keys to values, not a list"
        ),
        ErrorCase(
            "root is a text", file: "\nhello\n",
            "2:1: a configuration must be a mapping of keys to values, not 'hello'"
        ),
        ErrorCase("pipelines without entries", file: "pipelines: []\n", "1:12: 'pipelines' is empty: \(Self.advice)"),
        ErrorCase("pipelines without value", file: "pipelines:\n", "1:11: 'pipelines' is empty: \(Self.advice)"),
        ErrorCase(
            "pipelines is a mapping", file: "pipelines:\n  id: docs\n",
            "2:3: 'pipelines' must be a list, not a mapping: begin each entry with '- '"
        ),
        ErrorCase(
            "pipelines of texts", file: "pipelines: [/srv/docs]\n",
            "1:13: 'pipelines[0]' must be a mapping of keys to values, not '/srv/docs'"
        ),
        ErrorCase(
            "nothing in a pipeline", file: "pipelines:\n- {}\n",
            "2:3: 'pipelines[0].id' is missing: give it a name, such as 'documents'",
            "2:3: 'pipelines[0].type' is missing: write 'type: local_files' or 'type: google_drive'",
            "2:3: 'pipelines[0].path' is missing: name the folder to watch"
        ),
        ErrorCase(
            "near miss", "server:\n  listn: x\n",
            "6:3: unknown key 'server.listn': did you mean 'listen'? "
                + "known here: 'listen', 'auth', 'tls', 'trusted_proxies', 'base_path', 'cors_origins', "
                + "'allowed_hosts', 'public', 'heartbeat_interval'"
        ),
        ErrorCase(
            "other case and hyphen", "server:\n  Heartbeat-Interval: 1s\n",
            "6:3: unknown key 'server.Heartbeat-Interval': did you mean 'heartbeat_interval'? "
                + "known here: 'listen', 'auth', 'tls', 'trusted_proxies', 'base_path', 'cors_origins', "
                + "'allowed_hosts', 'public', 'heartbeat_interval'"
        ),
        ErrorCase(
            "swapped letters", "  ptah: /srv\n",
            "5:3: unknown key 'pipelines[0].ptah': did you mean 'path'? "
                + "known here: 'id', 'type', 'path', 'check_interval', 'include', 'exclude', 'max_file_size', "
                + "'settle', 'hidden', 'follow_symlinks', 'deletion'"
        ),
        ErrorCase(
            "nothing like it", "colour: red\n",
            "5:1: unknown key 'colour': "
                + "known here: 'server', 'socketio', 'pipelines', 'chunking', 'embedding', 'store', 'processing', 'retry', 'log'"
        ),
        ErrorCase("merge key", "log:\n  <<: {level: info}\n", "6:3: 'log.<<' is not supported: write the keys out"),
        ErrorCase(
            "key is a list", "[a]: b\n", "5:1: a key must be a name, not a list"
        ),
        ErrorCase(
            "section is a text", "log: debug\n", "5:6: 'log' must be a mapping of keys to values, not 'debug'"
        ),
        ErrorCase(
            "section is a list", "store: [path]\n", "5:8: 'store' must be a mapping of keys to values, not a list"
        ),
        ErrorCase(
            "value is a list", "log:\n  level: [info]\n", "6:10: 'log.level' must be a single value, not a list"
        ),
        ErrorCase(
            "value is a mapping", "log: {level: {a: b}}\n",
            "5:14: 'log.level' must be a single value, not a mapping"
        ),
        ErrorCase(
            "list is a text", "  include: '*.pdf'\n",
            "5:12: 'pipelines[0].include' must be a list, not '*.pdf': begin each entry with '- '"
        ),
        ErrorCase(
            "element is a mapping", "  exclude: ['*.tmp', {a: b}]\n",
            "5:22: 'pipelines[0].exclude[1]' must be a single value, not a mapping"
        ),
        ErrorCase(
            "duplicate key", "log:\n  level: info\n  \"level\": debug\n",
            "7:3: duplicate key 'level': first at line 6, column 3; remove one"
        ),
        ErrorCase(
            "duplicate section", "log: {}\nlog: {}\n",
            "6:1: duplicate key 'log': first at line 5, column 1; remove one"
        ),
    ])
    func isReported(_ example: ErrorCase) { example.check() }

    @Test(arguments: [
        ErrorCase(
            "no value", "server:\n  listen:\n",
            "6:10: 'server.listen' has no value: write one, or remove the key for its default"
        ),
        ErrorCase(
            "tilde for a path", file: "pipelines:\n- {id: docs, type: local_files, path: ~}\n",
            "2:39: 'pipelines[0].path' has no value: name the folder to watch"
        ),
        ErrorCase(
            "null for an id", file: "pipelines:\n- {id: null, type: local_files, path: /srv}\n",
            "2:8: 'pipelines[0].id' has no value: give it a name, such as 'documents' "
                + "(quote 'null' if it is meant as text)"
        ),
        ErrorCase(
            "null in a list", "  exclude:\n  - '*.tmp'\n  -\n",
            "7:4: 'pipelines[0].exclude[1]' has no value: write one, or remove the line"
        ),
    ])
    func absentValueIsReported(_ example: ErrorCase) { example.check() }

    @Test func everyProblemIsReportedInTheOrderOfTheFile() {
        ErrorCase(
            "many",
            file: """
                log: {level: loud}
                chunking:
                  size: 9
                  size: 10
                pipelines:
                - type: dropbox
                  id: Docs
                  paht: /srv
                """,
            "1:14: 'log.level' must be one of: trace, debug, info, notice, warning, error, critical, not 'loud'",
            "3:9: 'chunking.size' must be a whole number from 16 to 2048, not '9'",
            "4:3: duplicate key 'size': first at line 3, column 3; remove one",
            "6:3: 'pipelines[0].path' is missing: name the folder to watch",
            "6:9: 'pipelines[0].type' must be one of: local_files, google_drive, not 'dropbox'",
            "7:7: 'pipelines[0].id' must be 1 to 64 of a-z, 0-9, '_' and '-', not 'Docs'",
            "8:3: unknown key 'pipelines[0].paht': did you mean 'path'? "
                + "known here: 'id', 'type', 'path', 'check_interval', 'include', 'exclude', 'max_file_size', "
                + "'settle', 'hidden', 'follow_symlinks', 'deletion'"
        ).check()
    }

    @Test func longListOfErrorsIsCutWhenPrinted() throws {
        let keys = (1...150).map { "key\($0): 1\n" }.joined()
        let error = try #require(throws: InvalidConfiguration.self) {
            try Config(yaml: ErrorCase.pipeline + keys, file: "c.yaml", directory: "/")
        }
        let lines = error.description.split(separator: "\n")
        #expect(error.diagnostics.count == 150)
        #expect(lines.count == 101)
        #expect(lines.last == "and 50 more errors")
    }
}
