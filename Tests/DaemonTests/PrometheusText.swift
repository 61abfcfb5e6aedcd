/// Reads the Prometheus text format, and refuses whatever the format's description does not allow.
///
/// Source: Prometheus documentation, "Exposition formats". Stricter than it in one point: each metric has help and type,
/// in this order and before its samples.
struct PrometheusText {
    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    struct Family: Equatable {
        var type: String
        var help: String
        /// Values by their labels, as written: `{a="b"}`, or nothing.
        var samples: [[String: String]: Double] = [:]
    }

    private(set) var families: [String: Family] = [:]
    private var current: String?

    init(_ text: String) throws(Malformed) {
        guard text.hasSuffix("\n") else { throw Malformed(description: "the last line has no line feed") }
        var help: (name: String, text: String)?
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("# HELP ") {
                guard help == nil else { throw Malformed(description: "help without type before '\(line)'") }
                help = try Self.pair(line.dropFirst(7))
            } else if line.hasPrefix("# TYPE ") {
                let (name, type) = try Self.pair(line.dropFirst(7))
                guard let text = help, text.name == name else { throw Malformed(description: "no help for '\(name)'") }
                help = nil
                try self.open(name, type, help: text.text)
            } else {
                guard help == nil else { throw Malformed(description: "help without type before '\(line)'") }
                try self.read(line)
            }
        }
    }

    /// The value of the one sample with exactly these labels.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? { self.families[name]?.samples[labels] }

    private mutating func open(_ name: String, _ type: String, help: String) throws(Malformed) {
        guard Self.isName(name, colons: true) else { throw Malformed(description: "'\(name)' is no name") }
        guard self.families[name] == nil else { throw Malformed(description: "'\(name)' comes twice") }
        guard ["counter", "gauge"].contains(type) else { throw Malformed(description: "'\(type)' is no type") }
        guard type != "counter" || name.hasSuffix("_total") else {
            throw Malformed(description: "the counter '\(name)' does not end with '_total'")
        }
        self.families[name] = Family(type: type, help: help)
        self.current = name
    }

    private mutating func read(_ line: Substring) throws(Malformed) {
        let name = String(line.prefix { $0 != "{" && $0 != " " })
        guard name == self.current else { throw Malformed(description: "'\(line)' stands under another metric") }
        var rest = line.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" { labels = try Self.labels(&rest) }
        guard rest.first == " " else { throw Malformed(description: "no space before the value in '\(line)'") }
        guard let value = Self.number(rest.dropFirst()) else { throw Malformed(description: "no value in '\(line)'") }
        guard self.families[name]?.type != "counter" || value >= 0 else {
            throw Malformed(description: "the counter in '\(line)' is below 0")
        }
        guard self.families[name]?.samples.updateValue(value, forKey: labels) == nil else {
            throw Malformed(description: "'\(line)' comes twice")
        }
    }

    private static func pair(_ text: Substring) throws(Malformed) -> (name: String, text: String) {
        guard let space = text.firstIndex(of: " ") else { throw Malformed(description: "'\(text)' has no second part") }
        return (String(text[..<space]), String(text[text.index(after: space)...]))
    }

    private static func labels(_ rest: inout Substring) throws(Malformed) -> [String: String] {
        var labels: [String: String] = [:]
        repeat {
            rest = rest.dropFirst()
            let name = String(rest.prefix { $0 != "=" })
            guard Self.isName(name, colons: false), !name.hasPrefix("__") else {
                throw Malformed(description: "'\(name)' is no label")
            }
            rest = rest.dropFirst(name.count)
            guard rest.hasPrefix("=\"") else { throw Malformed(description: "label '\(name)' has no quoted value") }
            rest = rest.dropFirst(2)
            guard labels.updateValue(try Self.quoted(&rest), forKey: name) == nil else {
                throw Malformed(description: "label '\(name)' comes twice")
            }
        } while rest.first == ","
        guard rest.popFirst() == "}" else { throw Malformed(description: "labels do not end") }
        return labels
    }

    /// Reads up to the closing quote.
    private static func quoted(_ rest: inout Substring) throws(Malformed) -> String {
        var value = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return value
            case "\\":
                switch rest.popFirst() {
                case "\\": value += "\\"
                case "\"": value += "\""
                case "n": value += "\n"
                default: throw Malformed(description: "unknown escape in a label")
                }
            default: value.append(character)
            }
        }
        throw Malformed(description: "a label's value does not end")
    }

    private static func number(_ text: Substring) -> Double? {
        switch text {
        case "NaN": .nan
        case "+Inf": .infinity
        case "-Inf": -.infinity
        default: text.allSatisfy { "0123456789+-.e".contains($0) } ? Double(text) : nil
        }
    }

    private static func isName(_ text: String, colons: Bool) -> Bool {
        guard let first = text.first, !first.isNumber else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || (colons && $0 == ":")) }
    }
}
