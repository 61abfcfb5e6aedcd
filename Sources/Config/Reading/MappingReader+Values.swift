extension MappingReader {
    /// Reads a whole number in decimal digits.
    mutating func int(_ key: String, in range: ClosedRange<Int>, default fallback: Int) -> Int {
        self.value(key) { scalar throws(InvalidValue) in try Int(scalar, in: range) }?.value ?? fallback
    }

    /// Reads a time span such as `30s`.
    mutating func duration(
        _ key: String, in range: ClosedRange<Duration>, default fallback: Duration
    ) -> Duration {
        self.value(key) { scalar throws(InvalidValue) in try Duration(scalar, in: range) }?.value ?? fallback
    }

    /// Reads a number of bytes such as `100MB`.
    mutating func byteCount(
        _ key: String, in range: ClosedRange<ByteCount>, default fallback: ByteCount
    ) -> Int {
        let count = self.value(key) { scalar throws(InvalidValue) in try ByteCount(scalar, in: range) }?.value
        return (count ?? fallback).bytes
    }

    /// Reads `true` or `false`.
    mutating func bool(_ key: String, default fallback: Bool) -> Bool {
        self.value(key) { scalar throws(InvalidValue) in try Bool(scalar) }?.value ?? fallback
    }

    /// Reads a value, or a word that stands for none.
    ///
    /// - Returns: Nil where the word was written, and the default where nothing was.
    mutating func optional<Value>(
        _ key: String,
        none word: String,
        default fallback: Value? = nil,
        _ parse: (Node.Scalar) throws(InvalidValue) -> Value
    ) -> Value? {
        let value = self.value(key) { scalar throws(InvalidValue) -> Value? in
            scalar.text == word ? nil : try parse(scalar)
        }
        return value.map { $0.value } ?? fallback
    }

    /// Reads one of a few words.
    mutating func choice<Value>(_ key: String, default fallback: Value) -> Value
    where Value: RawRepresentable<String> & CaseIterable {
        self.value(key, Value.init(choosing:))?.value ?? fallback
    }

    /// Reads a path; a relative one begins at the directory of the configuration file.
    mutating func path(_ key: String, default fallback: AbsolutePath) -> AbsolutePath {
        let directory = self.directory
        let path = self.value(key) { scalar throws(InvalidValue) in
            try AbsolutePath(scalar.text, relativeTo: directory)
        }
        return path?.value ?? fallback
    }
}

extension RawRepresentable<String> where Self: CaseIterable {
    /// The case that a scalar names.
    init(choosing scalar: Node.Scalar) throws(InvalidValue) {
        guard let value = Self(rawValue: scalar.text) else {
            let all = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw InvalidValue("must be one of: \(all), not \(scalar.text.quoted)")
        }
        self = value
    }
}
