/// A pattern for paths below the watched folder.
///
/// `*` and `?` stay within one name, `**` as a whole component crosses directories (`**/*.pdf` also matches at the
/// top, `reports/**` everything below `reports`), `[a-z]` and `[!a-z]` are sets, `{a,b}` is a choice and may nest,
/// `\` takes the next character as it is. A pattern always speaks of the whole path, and case matters.
///
/// Matching follows all possibilities at once, so its time grows with path length times pattern length, whatever
/// the pattern. A byte that is not UTF-8 counts as one character.
package struct Glob: Sendable {
    /// One step of the compiled pattern; steps refer to each other by index.
    enum Instruction: Sendable {
        case unit(UInt32)
        case anyInName
        case anything
        case set(GlobSet)
        case split(Int, Int)
        case jump(Int)
        case match
    }

    /// The longest pattern, in Unicode scalars; it bounds the time of a match.
    package static let longestPattern = 1_024

    package let pattern: String
    private let program: [Instruction]

    package init(_ pattern: String) throws(GlobError) {
        self.pattern = pattern
        var parser = GlobParser(pattern)
        self.program = try parser.program()
    }

    package func matches(_ path: RelativePath) -> Bool {
        var current = States(capacity: self.program.count)
        var next = States(capacity: self.program.count)
        self.follow(0, into: &current)
        var rest = path.bytes[...]
        while let unit = Self.popUnit(&rest) {
            guard !current.list.isEmpty else { return false }
            for state in current.list where self.accepts(unit, at: state) {
                self.follow(state + 1, into: &next)
            }
            swap(&current, &next)
            next.removeAll()
        }
        return current.list.contains(self.program.count - 1)
    }

    private func accepts(_ unit: UInt32, at state: Int) -> Bool {
        switch self.program[state] {
        case .unit(let expected): unit == expected
        case .anyInName: unit != GlobParser.slash
        case .anything: true
        case .set(let set): unit != GlobParser.slash && set.contains(unit)
        case .split, .jump, .match: false
        }
    }

    /// Adds a state and what can be reached from it without reading a character.
    private func follow(_ start: Int, into states: inout States) {
        var open = [start]
        while let state = open.popLast() {
            guard states.insert(state) else { continue }
            switch self.program[state] {
            case .split(let first, let second): open += [second, first]
            case .jump(let target): open.append(target)
            case .unit, .anyInName, .anything, .set, .match: break
            }
        }
    }

    /// The next character's number; bytes that are no character get numbers above all of Unicode.
    private static func popUnit(_ rest: inout ArraySlice<UInt8>) -> UInt32? {
        guard let first = rest.first else { return nil }
        guard first >= 0x80 else {
            rest.removeFirst()
            return UInt32(first)
        }
        var decoder = UTF8()
        var iterator = rest.makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else {
            rest.removeFirst()
            return 0x11_0000 + UInt32(first)
        }
        rest = rest.dropFirst(UTF8.width(scalar))
        return scalar.value
    }
}

extension Glob {
    /// A set of instructions in the order they were reached, each once.
    private struct States {
        private(set) var list: [Int] = []
        private var isMember: [Bool]

        init(capacity: Int) { self.isMember = Array(repeating: false, count: capacity) }

        mutating func insert(_ state: Int) -> Bool {
            guard !self.isMember[state] else { return false }
            self.isMember[state] = true
            self.list.append(state)
            return true
        }

        mutating func removeAll() {
            for state in self.list { self.isMember[state] = false }
            self.list.removeAll(keepingCapacity: true)
        }
    }
}

/// The characters between `[` and `]`.
struct GlobSet: Sendable {
    var ranges: [ClosedRange<UInt32>] = []
    var isNegated = false

    func contains(_ unit: UInt32) -> Bool {
        self.ranges.contains { $0.contains(unit) } != self.isNegated
    }
}

/// Why a text is not a pattern.
package enum GlobError: Error, Equatable, CustomStringConvertible {
    case tooLong(pattern: String)
    case openSet(pattern: String)
    case openChoice(pattern: String)
    case nestedTooDeep(pattern: String)
    case trailingBackslash(pattern: String)

    package var description: String {
        switch self {
        case .tooLong(let pattern):
            "bad pattern '\(pattern.prefix(60))…': longer than \(Glob.longestPattern) characters; split it into several"
        case .openSet(let pattern):
            "bad pattern '\(pattern)': a '[' is not closed; add ']' or write '\\['"
        case .openChoice(let pattern):
            "bad pattern '\(pattern)': a '{' is not closed; add '}' or write '\\{'"
        case .nestedTooDeep(let pattern):
            "bad pattern '\(pattern)': more than \(GlobParser.deepestChoice) choices within each other; split it"
        case .trailingBackslash(let pattern):
            "bad pattern '\(pattern)': it ends with a '\\' that quotes nothing; write '\\\\'"
        }
    }
}
