extension Config.Pipeline {
    /// `deletion`: when files that are gone take their documents along, and when a person is asked first.
    package struct Deletion: Equatable, Sendable {
        /// `hold_above`: the part of all known files that may go at once, 0 to 1.
        ///
        /// Written as `20%`, the default; nil, written `off`, never asks.
        package var holdAbove: Double?
        /// `hold_above_files`: how many may always go at once.
        ///
        /// 0 to 1000000. Default 10.
        package var holdAboveFiles: Int

        init(from yaml: inout MappingReader) {
            self.holdAbove = yaml.optional("hold_above", none: "off", default: 0.2) { scalar throws(InvalidValue) in
                guard let percent = Quantity(scalar.text)?.scaled(by: [("%", 1)]), (0...100).contains(percent) else {
                    throw InvalidValue(
                        "must be 'off' or a share from 0% to 100%, such as 20%, not \(scalar.text.quoted)"
                    )
                }
                return Double(percent) / 100
            }
            self.holdAboveFiles = yaml.int("hold_above_files", in: 0...1_000_000, default: 10)
        }
    }
}
