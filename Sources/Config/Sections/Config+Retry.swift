extension Config {
    /// `retry`: when a file that failed is tried again.
    package struct Retry: Equatable, Sendable {
        /// `max_attempts`: attempts in all, the first one included; then the file waits for `corpusd retry`.
        ///
        /// 1 to 100, default 5.
        package var maxAttempts: Int
        /// `first_delay`: before the second attempt; doubled before each one after it.
        ///
        /// Default 30s.
        package var firstDelay: Duration
        /// `max_delay`: the longest time between two attempts, before up to half of it is added at random.
        ///
        /// Default 1h.
        package var maxDelay: Duration

        init(from yaml: inout MappingReader) {
            self.maxAttempts = yaml.int("max_attempts", in: 1...100, default: 5)
            self.firstDelay = yaml.duration(
                "first_delay", in: .milliseconds(100)...(.seconds(3_600)), default: .seconds(30))
            self.maxDelay = yaml.duration(
                "max_delay", in: .milliseconds(100)...(.seconds(7 * 86_400)), default: .seconds(3_600))
        }
    }
}
