/// Compiles the text of a `Glob`.
struct GlobParser {
    static let slash = UInt32(UInt8(ascii: "/"))
    /// How many choices may stand within each other; the parser recurses once for each.
    static let deepestChoice = 8

    private let pattern: String
    private let dialect: Glob.Dialect
    private var rest: Substring.UnicodeScalarView
    private var output: [Glob.Instruction] = []
    /// Whether the next character begins a component.
    private var isAtStart = true

    init(_ pattern: String, dialect: Glob.Dialect) {
        self.pattern = pattern
        self.dialect = dialect
        self.rest = pattern[...].unicodeScalars
    }

    /// The compiled pattern; its last instruction is its only `.match`.
    mutating func program() throws(GlobError) -> [Glob.Instruction] {
        guard self.pattern.unicodeScalars.count <= Glob.longestPattern else { throw .tooLong(pattern: self.pattern) }
        try self.sequence(depth: 0)
        self.output.append(.match)
        return self.output
    }

    /// Compiles up to the end of the text or, within a choice, up to `,` or `}`, which stays unread.
    private mutating func sequence(depth: Int) throws(GlobError) {
        while let scalar = self.rest.first {
            if depth > 0, scalar == "," || scalar == "}" { return }
            self.rest.removeFirst()
            switch scalar {
            case "*": self.star(depth: depth)
            case "?": self.emit(.anyInName)
            case "[": self.emit(.set(try self.set()))
            case "{" where self.dialect == .configuration: try self.choice(depth: depth + 1)
            case "\\":
                guard let quoted = self.rest.popFirst() else { throw .trailingBackslash(pattern: self.pattern) }
                self.emit(.unit(quoted.value))
            default: self.emit(.unit(scalar.value))
            }
        }
    }

    private mutating func emit(_ instruction: Glob.Instruction) {
        self.output.append(instruction)
        if case .unit(Self.slash) = instruction { self.isAtStart = true } else { self.isAtStart = false }
    }

    private mutating func star(depth: Int) {
        var count = 1
        while self.rest.first == "*" {
            self.rest.removeFirst()
            count += 1
        }
        let isAtEnd =
            switch self.rest.first {
            case nil: true
            case ",", "}": depth > 0
            default: false
            }
        let here = self.output.count
        if count > 1, self.isAtStart, self.rest.first == "/" {
            self.rest.removeFirst()
            // (anything* '/')?
            self.output += [
                .split(here + 1, here + 5), .split(here + 2, here + 4), .anything, .jump(here + 1), .unit(Self.slash),
            ]
        } else if count > 1, self.isAtStart, isAtEnd {
            self.output += [.anything, .split(here, here + 2)]
            self.isAtStart = false
        } else {
            self.output += [.split(here + 1, here + 3), .anyInName, .jump(here)]
            self.isAtStart = false
        }
    }

    /// Compiles the rest of `{a,b}`; the brace is read already.
    private mutating func choice(depth: Int) throws(GlobError) {
        guard depth <= Self.deepestChoice else { throw .nestedTooDeep(pattern: self.pattern) }
        let wasAtStart = self.isAtStart
        var endsAtStart = false
        var exits: [Int] = []
        while true {
            let split = self.output.count
            self.output.append(.match)
            self.isAtStart = wasAtStart
            try self.sequence(depth: depth)
            endsAtStart = endsAtStart || self.isAtStart
            exits.append(self.output.count)
            self.output.append(.match)
            guard let terminator = self.rest.popFirst() else { throw .openChoice(pattern: self.pattern) }
            let isLast = terminator == "}"
            self.output[split] = isLast ? .jump(split + 1) : .split(split + 1, self.output.count)
            if isLast { break }
        }
        for exit in exits { self.output[exit] = .jump(self.output.count) }
        self.isAtStart = endsAtStart
    }

    /// Reads the rest of `[a-z]`; a `]` directly behind the beginning belongs to the set.
    private mutating func set() throws(GlobError) -> GlobSet {
        var set = GlobSet()
        if let first = self.rest.first, first == "!" || first == "^" {
            self.rest.removeFirst()
            set.isNegated = true
        }
        var isFirst = true
        while let scalar = self.rest.popFirst() {
            if scalar == "]", !isFirst { return set }
            isFirst = false
            let low = try self.member(scalar)
            guard self.rest.first == "-", let after = self.rest.dropFirst().first, after != "]" else {
                set.ranges.append(low...low)
                continue
            }
            self.rest.removeFirst(2)
            let high = try self.member(after)
            if low <= high { set.ranges.append(low...high) }
        }
        throw .openSet(pattern: self.pattern)
    }

    private mutating func member(_ scalar: Unicode.Scalar) throws(GlobError) -> UInt32 {
        guard scalar == "\\" else { return scalar.value }
        guard let quoted = self.rest.popFirst() else { throw .openSet(pattern: self.pattern) }
        return quoted.value
    }
}
