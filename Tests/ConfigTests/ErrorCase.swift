import Config
import Testing

/// A configuration that is wrong, and every error that it must be answered with.
struct ErrorCase: CustomTestStringConvertible {
    /// The smallest pipeline that is right, on lines 1 to 4.
    static let pipeline = "pipelines:\n- id: docs\n  type: local_files\n  path: /srv/docs\n"

    let name: String
    let yaml: String
    /// Each without the file's name and the word `error`: `3:9: 'server.listen' must …`.
    let errors: [String]

    /// A case about a whole file.
    init(_ name: String, file: String, _ errors: String...) {
        self.name = name
        self.yaml = file
        self.errors = errors
    }

    /// A case about what stands behind the smallest pipeline, from line 5 on.
    init(_ name: String, _ yaml: String, _ errors: String...) {
        self.name = name
        self.yaml = Self.pipeline + yaml
        self.errors = errors
    }

    var testDescription: String { self.name }

    func check(sourceLocation: SourceLocation = #_sourceLocation) {
        let error = #expect(throws: InvalidConfiguration.self, sourceLocation: sourceLocation) {
            try Config(yaml: self.yaml, file: "c.yaml", directory: "/etc/corpusd")
        }
        let expected = self.errors.map { error in
            let parts = error.split(separator: ": ", maxSplits: 1)
            return "c.yaml:\(parts[0]): error: \(parts[1])"
        }
        #expect(error?.diagnostics.map(\.description) == expected, sourceLocation: sourceLocation)
        #expect(error?.description == expected.joined(separator: "\n"), sourceLocation: sourceLocation)
    }
}
