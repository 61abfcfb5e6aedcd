/// What a child process is asked to do, as it stands on its command line.
struct ExtractionRequest: Equatable {
    /// Who parses.
    enum Parser: Equatable {
        /// The child itself, which knows how to read this format; it writes `BlockFrame`s.
        case own(DocumentFormat)
        /// `pdftotext` at this path; the child becomes it.
        case pdf(tool: String)
    }

    var parser: Parser
    /// Absolute path of the file to read.
    var path: String
    var limits: ChildLimits

    /// The program that the child becomes, if any.
    var tool: String? {
        if case .pdf(let tool) = self.parser { tool } else { nil }
    }

    /// What stands behind the name of the subcommand.
    var arguments: [String] {
        let limits = [
            self.limits.cpuTime.components.seconds, self.limits.wallTime.components.seconds,
            Int64(self.limits.memoryBytes),
        ].map { "\($0)" }
        return switch self.parser {
        case .own(let format): ["own"] + limits + [self.path, format.rawValue]
        case .pdf(let tool): ["pdf"] + limits + [self.path, tool]
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
            let memory = Int(arguments[3]), cpu > 0, wall > 0, memory > 0, arguments[4].hasPrefix("/")
        else { return nil }
        switch (arguments[0], arguments.count) {
        case ("own", 6):
            guard let format = DocumentFormat(rawValue: arguments[5]) else { return nil }
            self.parser = .own(format)
        case ("pdf", 6): self.parser = .pdf(tool: arguments[5])
        default: return nil
        }
        self.path = arguments[4]
        self.limits = ChildLimits(cpuTime: .seconds(cpu), wallTime: .seconds(wall), memoryBytes: memory)
    }
}
