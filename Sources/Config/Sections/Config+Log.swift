extension Config {
    /// `log`: what is written to standard error.
    package struct Log: Equatable, Sendable {
        /// How much is worth a line, from most to least.
        package enum Level: String, Sendable, CaseIterable {
            case trace
            case debug
            case info
            case notice
            case warning
            case error
            case critical
        }

        /// `level`: the least important messages to write.
        ///
        /// Default `info`.
        package var level: Level

        init(from yaml: inout MappingReader) {
            self.level = yaml.choice("level", default: .info)
        }
    }
}
