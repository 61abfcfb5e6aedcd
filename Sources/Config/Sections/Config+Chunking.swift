extension Config {
    /// `chunking`: how text is cut into the passages that are found.
    package struct Chunking: Equatable, Sendable {
        /// What sizes are counted in.
        package enum Unit: Equatable, Sendable {
            /// Of the embedding model: `size` and `overlap`.
            case tokens
            /// Unicode scalars: `chunk_size` and `chunk_overlap`.
            case characters
        }

        package var unit: Unit
        /// `size`: the largest chunk, 16 to 2048 tokens of the embedding model.
        ///
        /// Default 200. With `chunk_size`, 64 to 8192 characters.
        package var size: Int
        /// `overlap`: tokens that a chunk repeats from the one before.
        ///
        /// Less than half of `size`. Default 30. With `chunk_size` it is `chunk_overlap` in characters, and none by
        /// default.
        package var overlap: Int

        init(from yaml: inout MappingReader) {
            let characters = yaml.value("chunk_size") { scalar throws(InvalidValue) in try Int(scalar, in: 64...8_192) }
            let repeated = yaml.value("chunk_overlap") { scalar throws(InvalidValue) in try Int(scalar, in: 0...4_095) }
            self.size = yaml.int("size", in: 16...2_048, default: 200)
            self.overlap = yaml.int("overlap", in: 0...1_023, default: 30)
            self.unit = .tokens
            guard !yaml.hasProblems else { return }
            guard characters != nil || repeated != nil else {
                Self.compare(self.size, self.overlap, keys: ("size", "overlap"), &yaml)
                return
            }
            self.unit = .characters
            for key in ["size", "overlap"] where yaml.has(key) {
                yaml.report(
                    key, "counts tokens and 'chunk_\(key)' characters: keep one of them", at: yaml.mark(of: key)
                )
            }
            guard let characters else {
                yaml.report("chunk_overlap", "needs a 'chunk_size' beside it", at: yaml.mark(of: "chunk_overlap"))
                return
            }
            self.size = characters.value
            self.overlap = repeated?.value ?? 0
            Self.compare(self.size, self.overlap, keys: ("chunk_size", "chunk_overlap"), &yaml)
        }

        private static func compare(
            _ size: Int, _ overlap: Int, keys: (size: String, overlap: String), _ yaml: inout MappingReader
        ) {
            guard !yaml.hasProblems, overlap * 2 >= size else { return }
            let limit = (size - 1) / 2
            if yaml.has(keys.overlap) {
                yaml.report(
                    keys.overlap,
                    "must be less than half of 'chunking.\(keys.size)': at most \(limit), not '\(overlap)'",
                    at: yaml.mark(of: keys.overlap)
                )
            } else {
                yaml.report(
                    keys.size, "needs an overlap below its default of \(overlap): add 'overlap: \(limit)' or less",
                    at: yaml.mark(of: keys.size)
                )
            }
        }
    }
}
