/// The whole configuration, validated: what a `Config` says, the daemon can do.
///
/// Read once at start. Paths are absolute; nothing was looked up on the disk or in the network.
package struct Config: Equatable, Sendable {
    package var server: Server
    package var socketio: SocketIO
    /// At least one, in the order of the file; ids are unique and no folder lies inside another.
    package var pipelines: [Pipeline]
    package var chunking: Chunking
    package var embedding: Embedding
    package var store: Store
    package var processing: Processing
    package var retry: Retry
    package var log: Log

    /// Parses and validates a configuration file's text.
    ///
    /// - Parameters:
    ///   - yaml: The text.
    ///   - file: The path to print in diagnostics.
    ///   - directory: The absolute path where relative paths begin: the directory of the file.
    /// - Throws: Every problem found, each with its line and column.
    package init(yaml: String, file: String, directory: String) throws(InvalidConfiguration) {
        try self.init(yaml: Array(yaml.utf8), file: file, directory: directory)
    }

    /// Parses and validates a configuration file's bytes, which may be anything.
    package init(yaml: [UInt8], file: String, directory: String) throws(InvalidConfiguration) {
        let diagnostics = Diagnostics(file: file)
        let root = try Self.root(of: yaml, diagnostics: diagnostics)

        var reader = MappingReader(root, directory: AbsolutePath(directory), diagnostics: diagnostics)
        self.server = reader.section("server") { Server(from: &$0) }
        self.socketio = reader.section("socketio") { SocketIO(from: &$0) }
        let drafts = PipelineDraft.all(from: &reader)
        self.chunking = reader.section("chunking") { Chunking(from: &$0) }
        self.embedding = reader.section("embedding") { Embedding(from: &$0) }
        let database = reader.section("store") { $0.path("path", default: Store.defaultPath) }
        self.processing = reader.section("processing") { Processing(from: &$0) }
        self.retry = reader.section("retry") { Retry(from: &$0) }
        self.log = reader.section("log") { Log(from: &$0) }
        reader.reportUnknownKeys()

        PipelineConflicts(diagnostics: diagnostics).report(among: drafts, database: database)
        self.pipelines = drafts.map(\.pipeline)
        self.store = Store(path: database.string)
        self.server.auth.reportUnknownPipelines(in: self.pipelines, to: diagnostics)
        try diagnostics.check()
    }

    /// The mapping that a configuration is; an empty file is an empty one.
    private static func root(
        of yaml: [UInt8], diagnostics: Diagnostics
    ) throws(InvalidConfiguration) -> Node.Mapping {
        do throws(YAMLError) {
            guard yaml.count <= Self.sizeLimit else {
                throw YAMLError(message: "larger than \(Self.sizeLimit) bytes: name a configuration file", mark: .start)
            }
            switch try Composer(yaml, diagnostics: diagnostics).document() {
            case .mapping(let mapping)?: return mapping
            case let node? where !node.isNull:
                throw YAMLError(
                    message: "a configuration must be a mapping of keys to values, not \(node.prose)", mark: node.mark
                )
            default: return Node.Mapping(entries: [], mark: .start)
            }
        } catch {
            throw diagnostics.closed(by: error)
        }
    }
}
