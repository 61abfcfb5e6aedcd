import Config
import Glibc
import Testing

@Suite("Configuration files")
struct ConfigFileTests {
    /// The root of the working copy.
    private static let root = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()

    @Test func packagedFileIsValidAndHasEveryDefault() throws {
        let file = try Config.load(path: "\(Self.root)/etc/corpusd.yaml")
        let defaults = try Config(
            yaml: "pipelines: [{id: documents, type: local_files, path: /srv/corpusd}]", file: "c.yaml", directory: "/"
        )
        #expect(file == defaults)
    }

    @Test func packagedFileTellsTheTruthAboutEveryKey() throws {
        let text = try Self.text(of: "\(Self.root)/etc/corpusd.yaml")
        let switchedOn = text.replacing(#/(?m)^( *)#([a-z_]+:)/#) { "\($0.output.1)\($0.output.2)" }
        let config = try Config(yaml: switchedOn, file: "etc/corpusd.yaml", directory: "/etc/corpusd")
        #expect(try config == Config.load(path: "\(Self.root)/etc/corpusd.yaml"))

        for key in try Self.knownKeys() {
            #expect(switchedOn.contains("\(key):"), "etc/corpusd.yaml does not explain '\(key)'")
        }
    }

    @Test func packagedFileTellsTheTruthAboutGoogleDrive() throws {
        let text = try Self.text(of: "\(Self.root)/etc/corpusd.yaml").replacing("  #= ", with: "  ")
        let written = try Config(yaml: text, file: "c.yaml", directory: "/etc/corpusd")
        let drive = try #require(written.pipelines.last?.drive)
        let least = "{id: drive, type: google_drive, credentials: /etc/corpusd/google.json}"
        let defaults = try Config(yaml: "pipelines: [\(least)]", file: "c.yaml", directory: "/")
        #expect(written.pipelines.last == defaults.pipelines.first)

        let switchedOn = text.replacing(#/(?m)^( *)#([a-z_]+:)/#) { "\($0.output.1)\($0.output.2)" }
        let all = try Config(yaml: switchedOn, file: "c.yaml", directory: "/etc/corpusd")
        var named = try #require(all.pipelines.last?.drive)
        #expect(named.folderID != nil && named.subject != nil && named.tokenEndpoint != nil)
        named.folderID = nil
        named.subject = nil
        named.tokenEndpoint = nil
        #expect(named == drive)
    }

    @Test func packagedFileExplainsEveryKeyOfAService() throws {
        let text = try Self.text(of: "\(Self.root)/etc/corpusd.yaml")
        let service = "embedding: {provider: openai, model: m, dimensions: 1, x: 1}\n"
        let keys = try Self.knownKeys(in: [service], lists: 1)
        #expect(keys.count > 10)
        for key in keys { #expect(text.contains("\(key):"), "etc/corpusd.yaml does not explain '\(key)'") }
    }

    @Test func exampleFileStaysInsideTheWorkingCopy() throws {
        let config = try Config.load(path: "\(Self.root)/etc/corpusd.example.yaml")
        #expect(config.pipelines.map(\.id) == ["documents"])
        #expect(config.pipelines.map(\.path) == ["\(Self.root)/documents"])
        #expect(config.server.publicDirectory == "\(Self.root)/Public")
        #expect(config.embedding.modelPath == "\(Self.root)/models/all-MiniLM-L6-v2")
        #expect(config.store.path == "\(Self.root)/state/corpusd.db")
    }

    @Test func missingFileIsReported() {
        Self.expect("/nowhere/c.yaml: error: cannot read the configuration: no such file; create it or name another") {
            try Config.load(path: "/nowhere/c.yaml")
        }
    }

    @Test func directoryIsReported() {
        Self.expect("/etc: error: cannot read the configuration: it is a directory; name a file in it") {
            try Config.load(path: "/etc")
        }
    }

    @Test func fileThatIsNoDirectoryIsReported() {
        Self.expect("/etc/passwd/c.yaml: error: cannot read the configuration: not a directory; name another file") {
            try Config.load(path: "/etc/passwd/c.yaml")
        }
    }

    @Test func endlessFileIsNotReadToItsEnd() {
        Self.expect("/dev/zero:1:1: error: larger than 1048576 bytes: name a configuration file") {
            try Config.load(path: "/dev/zero")
        }
    }

    @Test func relativePathIsReadFromTheWorkingDirectory() throws {
        let working = try #require(getcwd(nil, 0))
        defer { free(working) }
        let up = String(cString: working).split(separator: "/").map { _ in "../" }.joined()
        let path = "\(up)\(Self.root.dropFirst())/etc/corpusd.example.yaml"
        let absolute = try Config.load(path: "\(Self.root)/etc/corpusd.example.yaml")
        #expect(try Config.load(path: path) == absolute)
    }

    private static func expect(_ description: String, _ load: () throws -> Config) {
        let error = #expect(throws: InvalidConfiguration.self) { try load() }
        #expect(error?.description == description)
    }

    private static func text(of path: String) throws -> String {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 100_000)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Every key there is, as the errors about unknown ones list them.
    private static func knownKeys() throws -> Set<Substring> {
        let sections = ["server", "chunking", "embedding", "store", "processing", "retry", "log"]
        let limits = ["rate_limit", "backpressure", "recovery"]
        return try Self.knownKeys(
            in: ["pipelines: [{x: 1}, {type: google_drive, x: 1, export: {x: 1}}]\n", "x: 1\n"]
                + sections.map { "\($0): {x: 1}\n" } + ["socketio:\n  x: 1\n"] + limits.map { "  \($0): {x: 1}\n" },
            lists: sections.count + limits.count + 5
        )
    }

    /// The keys known in places each of which has one, `x`, that is not; `lists` are the lists of keys that are printed.
    private static func knownKeys(in places: [String], lists count: Int) throws -> Set<Substring> {
        let yaml = places.joined()
        let error = try #require(throws: InvalidConfiguration.self) {
            try Config(yaml: yaml, file: "c.yaml", directory: "/")
        }
        let lists = error.diagnostics.compactMap { $0.message.split(separator: "known here: ").dropFirst().first }
        #expect(lists.count == count)
        return Set(lists.flatMap { $0.matches(of: #/'([a-z_]+)'/#).map(\.output.1) })
    }
}
