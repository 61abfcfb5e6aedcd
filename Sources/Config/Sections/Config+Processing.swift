extension Config {
    /// `processing`: how much of the machine the work may take.
    package struct Processing: Equatable, Sendable {
        /// `workers`: documents in work at once.
        ///
        /// 1 to 64; nil, written `auto` and the default, is one for each processor core.
        package var workers: Int?

        init(from yaml: inout MappingReader) {
            let workers = yaml.value("workers") { scalar throws(InvalidValue) -> Int? in
                scalar.text == "auto" ? nil : try Int(scalar, in: 1...64, or: "auto")
            }
            self.workers = workers?.value
        }
    }
}
