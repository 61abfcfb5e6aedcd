/// What a child process is asked to do, as it stands on its command line.
struct ExtractionRequest: Equatable {
    /// The path that stands for what the child gets as its input.
    static let input = "-"

    /// Who parses.
    enum Parser: Equatable {
        /// The child itself, which knows how to read this format; it writes `BlockFrame`s.
        case own(DocumentFormat)
        /// The child itself, by libmagic; it writes what libmagic says of an image.
        case image
        /// The child itself, by libmagic and libarchive; it writes a media type.
        case identify
        /// A program at an absolute path, which the child becomes.
        case tool(String, arguments: [String])
    }

    var parser: Parser
    /// Absolute path of the file to read, or `input`.
    var path: String
    var limits: ChildLimits

    /// The program that the child becomes, if any.
    var tool: String? {
        if case .tool(let path, _) = self.parser { path } else { nil }
    }

    /// What stands behind the name of the subcommand.
    var arguments: [String] {
        let common =
            [
                self.limits.cpuTime.components.seconds, self.limits.wallTime.components.seconds,
                Int64(self.limits.memoryBytes),
            ].map { "\($0)" } + [self.path]
        return switch self.parser {
        case .own(let format): ["own"] + common + [format.rawValue]
        case .image: ["image"] + common
        case .identify: ["identify"] + common
        case .tool(let path, let arguments): ["tool"] + common + [path] + arguments
        }
    }

    init(parser: Parser, path: String, limits: ChildLimits) {
        self.parser = parser
        self.path = path
        self.limits = limits
    }

    /// Nil for arguments that `arguments` never gives.
    init?(arguments: some Sequence<String>) {
        let arguments = Array(arguments)
        guard arguments.count >= 5, let cpu = Int64(arguments[1]), let wall = Int64(arguments[2]),
            let memory = Int(arguments[3]), cpu > 0, wall > 0, memory > 0,
            arguments[4].hasPrefix("/") || arguments[4] == Self.input,
            let parser = Self.parser(arguments[0], Array(arguments[5...]))
        else { return nil }
        self.parser = parser
        self.path = arguments[4]
        self.limits = ChildLimits(cpuTime: .seconds(cpu), wallTime: .seconds(wall), memoryBytes: memory)
    }

    private static func parser(_ name: String, _ arguments: [String]) -> Parser? {
        switch (name, arguments.count) {
        case ("own", 1): DocumentFormat(rawValue: arguments[0]).map { .own($0) }
        case ("image", 0): .image
        case ("identify", 0): .identify
        case ("tool", 1...): .tool(arguments[0], arguments: Array(arguments[1...]))
        default: nil
        }
    }
}
