/// Reads typed values out of one YAML mapping and knows where each came from.
///
/// A read never throws: it reports and returns the default, so one pass finds every mistake. Keys nobody asked
/// for are mistakes too. How YAML's loose ends are tied:
/// - Where a text belongs, a number or a word such as `on` without quotes is the text as it was written.
/// - Where a section or a list belongs, nothing (also `~` and `null`) means that the key is not there: that is what
///   is left when every line below it is a comment. Anywhere else it is a mistake.
struct MappingReader {
    /// Where relative paths begin.
    let directory: AbsolutePath
    /// Whether anything was wrong with a key of this mapping itself; checks that compare keys then make no sense.
    private(set) var hasProblems = false

    private let mapping: Node.Mapping
    /// What stands before a key in messages: `server.`, or nothing at the root.
    private let prefix: String
    private let diagnostics: Diagnostics
    private var known: [String] = []
    /// Keys that were reported already.
    private var refused: [String] = []

    init(_ mapping: Node.Mapping, prefix: String = "", directory: AbsolutePath, diagnostics: Diagnostics) {
        self.mapping = mapping
        self.prefix = prefix
        self.directory = directory
        self.diagnostics = diagnostics
    }

    /// Where a key's value stands, or the mapping that does not have the key.
    func mark(of key: String) -> Mark { self.mapping[key]?.mark ?? self.mapping.mark }

    /// Whether somebody wrote the key.
    func has(_ key: String) -> Bool { self.mapping[key] != nil }

    /// Whether somebody wrote the key, and behind it nothing or a list of nothing.
    func isEmpty(_ key: String) -> Bool {
        guard case .list(let list)? = self.mapping[key] else { return self.mapping[key]?.isNull == true }
        return list.elements.isEmpty
    }

    /// Reports that a key's value is wrong.
    ///
    /// - Parameters:
    ///   - key: With an index if it is one of a list: `include[2]`.
    ///   - problem: A predicate, as in `InvalidValue`.
    ///   - mark: Where the value stands.
    mutating func report(_ key: String, _ problem: String, at mark: Mark) {
        self.hasProblems = true
        self.diagnostics.report("'\(self.prefix)\(key)' \(problem)", at: mark)
    }

    /// Reads an optional scalar.
    ///
    /// - Returns: Nil when the key is absent, and when its value is wrong and has been reported.
    mutating func value<Value>(
        _ key: String,
        _ parse: (Node.Scalar) throws(InvalidValue) -> Value
    ) -> Located<Value>? {
        self.known.append(key)
        guard let node = self.mapping[key] else { return nil }
        return self.parse(key, node, ifNull: "has no value: write one, or remove the key for its default", parse)
    }

    /// Reads a scalar that must be there.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - advice: What to write, after `is missing: `.
    ///   - parse: Makes the value.
    /// - Returns: Nil when it is absent or wrong, which has been reported.
    mutating func required<Value>(
        _ key: String,
        _ advice: String,
        _ parse: (Node.Scalar) throws(InvalidValue) -> Value
    ) -> Located<Value>? {
        self.known.append(key)
        guard let node = self.mapping[key] else {
            self.report(key, "is missing: \(advice)", at: self.mapping.mark)
            return nil
        }
        return self.parse(key, node, ifNull: "has no value: \(advice)", parse)
    }

    /// Reads a list of scalars.
    ///
    /// - Returns: The elements that are right; nil when the key is absent, empty or no list.
    mutating func list<Value>(
        _ key: String,
        _ parse: (Node.Scalar) throws(InvalidValue) -> Value
    ) -> [Value]? {
        self.known.append(key)
        return self.elements(of: key)?.enumerated().compactMap { index, node in
            self.parse("\(key)[\(index)]", node, ifNull: "has no value: write one, or remove the line", parse)?.value
        }
    }

    /// Reads a nested mapping; an absent one reads as empty, so each default stands in one place.
    mutating func section<Value>(_ key: String, _ read: (inout MappingReader) -> Value) -> Value {
        self.known.append(key)
        var mapping = Node.Mapping(entries: [], mark: self.mapping.mark)
        switch self.mapping[key] {
        case nil: break
        case .mapping(let found)?: mapping = found
        case let node? where node.isNull: break
        case let node?: self.report(key, "must be a mapping of keys to values, not \(node.prose)", at: node.mark)
        }
        return self.nested(key, mapping, read)
    }

    /// Reads a nested mapping, or a word that stands in its place.
    ///
    /// - Returns: Nil where the word was written.
    mutating func section<Value>(
        _ key: String, orWord word: String, _ read: (inout MappingReader) -> Value
    ) -> Value? {
        if case .scalar(let scalar)? = self.mapping[key], !scalar.isNull {
            self.known.append(key)
            if scalar.text == word { return nil }
            self.report(
                key, "must be '\(word)' or a mapping of keys to values, not \(scalar.text.quoted)", at: scalar.mark
            )
            return self.nested(key, Node.Mapping(entries: [], mark: scalar.mark), read)
        }
        return self.section(key, read)
    }

    /// Notes a key that may be written and is not.
    mutating func absent<Value>(_ key: String) -> Value? {
        self.known.append(key)
        return nil
    }

    /// Reads a list of mappings.
    ///
    /// - Returns: One value an element that is a mapping; nil when the key is absent, empty or no list.
    mutating func sections<Value>(_ key: String, _ read: (inout MappingReader) -> Value) -> [Value]? {
        self.known.append(key)
        return self.elements(of: key)?.enumerated().compactMap { index, node in
            guard case .mapping(let mapping) = node else {
                self.report(
                    "\(key)[\(index)]", "must be a mapping of keys to values, not \(node.prose)", at: node.mark
                )
                return nil
            }
            return self.nested("\(key)[\(index)]", mapping, read)
        }
    }

    /// Reports keys that make no sense beside the others, so that they are not taken for unknown ones.
    mutating func refuse(_ keys: [String], _ problem: String) {
        for (key, _) in self.mapping.entries where keys.contains(key.text) {
            self.refused.append(key.text)
            self.report(key.text, problem, at: key.mark)
        }
    }

    /// Reports every key that no read asked for; the last thing to call.
    func reportUnknownKeys() {
        let list = self.known.map { "'\($0)'" }.joined(separator: ", ")
        for (key, _) in self.mapping.entries where !self.known.contains(key.text) && !self.refused.contains(key.text) {
            let name = "\(self.prefix)\(key.text)".quoted
            guard key.text != "<<" else {
                self.diagnostics.report("\(name) is not supported: write the keys out", at: key.mark)
                continue
            }
            let guess = NearMiss.of(key.text, among: self.known).map { "did you mean '\($0)'? " } ?? ""
            self.diagnostics.report("unknown key \(name): \(guess)known here: \(list)", at: key.mark)
        }
    }

    private func nested<Value>(
        _ key: String, _ mapping: Node.Mapping, _ read: (inout MappingReader) -> Value
    ) -> Value {
        var reader = MappingReader(
            mapping, prefix: "\(self.prefix)\(key).", directory: self.directory, diagnostics: self.diagnostics
        )
        let value = read(&reader)
        reader.reportUnknownKeys()
        return value
    }

    private mutating func elements(of key: String) -> [Node]? {
        switch self.mapping[key] {
        case nil: return nil
        case .list(let list)?: return list.elements
        case let node? where node.isNull: return nil
        case let node?:
            self.report(key, "must be a list, not \(node.prose): begin each entry with '- '", at: node.mark)
            return nil
        }
    }

    private mutating func parse<Value>(
        _ key: String, _ node: Node, ifNull: String, _ parse: (Node.Scalar) throws(InvalidValue) -> Value
    ) -> Located<Value>? {
        guard case .scalar(let scalar) = node else {
            self.report(key, "must be a single value, not \(node.prose)", at: node.mark)
            return nil
        }
        guard !scalar.isNull else {
            let hint = ["", "~"].contains(scalar.text) ? "" : " (quote \(scalar.text.quoted) if it is meant as text)"
            self.report(key, ifNull + hint, at: scalar.mark)
            return nil
        }
        do {
            return Located(value: try parse(scalar), mark: scalar.mark)
        } catch {
            self.report(key, error.message, at: scalar.mark)
            return nil
        }
    }
}
