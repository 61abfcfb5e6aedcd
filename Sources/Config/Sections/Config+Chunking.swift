extension Config {
    /// `chunking`: how text is cut into the passages that are found.
    package struct Chunking: Equatable, Sendable {
        /// `size`: the largest chunk, 16 to 2048 tokens of the embedding model.
        ///
        /// Default 200.
        package var size: Int
        /// `overlap`: tokens that a chunk repeats from the one before.
        ///
        /// Less than half of `size`. Default 30.
        package var overlap: Int

        init(from yaml: inout MappingReader) {
            self.size = yaml.int("size", in: 16...2_048, default: 200)
            self.overlap = yaml.int("overlap", in: 0...1_023, default: 30)
            guard !yaml.hasProblems, self.overlap * 2 >= self.size else { return }
            let limit = (self.size - 1) / 2
            if yaml.has("overlap") {
                yaml.report(
                    "overlap", "must be less than half of 'chunking.size': at most \(limit), not '\(self.overlap)'",
                    at: yaml.mark(of: "overlap")
                )
            } else {
                yaml.report(
                    "size", "needs an overlap below its default of \(self.overlap): add 'overlap: \(limit)' or less",
                    at: yaml.mark(of: "size")
                )
            }
        }
    }
}
