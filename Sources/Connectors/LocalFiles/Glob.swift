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

    /// Which characters mean something.
    package enum Dialect: Sendable {
        /// Those of the configuration.
        case configuration
        /// Those of gitignore: braces stand for themselves.
        case ignoreFile
    }

    /// The longest pattern, in Unicode scalars; it bounds the time of a match.
    package static let longestPattern = 1_024

    private let program: [Instruction]
    /// For each step the set of steps that can be reached from it without reading a character: `words` integers of
    /// 64 bits, of which each bit is a step.
    private let closures: [UInt64]
    private let words: Int

    package init(_ pattern: String, dialect: Dialect = .configuration) throws(GlobError) {
        var parser = GlobParser(pattern, dialect: dialect)
        let program = try parser.program()
        let words = (program.count + 63) / 64
        self.program = program
        self.words = words
        self.closures = program.indices.flatMap { Self.closure(of: $0, in: program, words: words) }
    }

    package func matches(_ path: RelativePath) -> Bool { self.matches(path.bytes[...]) }

    /// Whether the bytes of a path, or of the end of one, match.
    package func matches(_ path: ArraySlice<UInt8>) -> Bool {
        var current = Array(self.closures[..<self.words])
        var next = [UInt64](repeating: 0, count: self.words)
        path.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                let unit = Self.unit(of: bytes, at: &index)
                self.advance(current, by: unit, into: &next)
                swap(&current, &next)
                for word in 0..<self.words { next[word] = 0 }
            }
        }
        let last = self.program.count - 1
        return current[last / 64] & (1 << UInt64(last % 64)) != 0
    }

    private func advance(_ current: [UInt64], by unit: UInt32, into next: inout [UInt64]) {
        for word in 0..<self.words {
            var bits = current[word]
            while bits != 0 {
                let step = word * 64 + bits.trailingZeroBitCount
                bits &= bits - 1
                guard self.accepts(unit, at: step) else { continue }
                let closure = (step + 1) * self.words
                for other in 0..<self.words { next[other] |= self.closures[closure + other] }
            }
        }
    }

    private func accepts(_ unit: UInt32, at step: Int) -> Bool {
        switch self.program[step] {
        case .unit(let expected): unit == expected
        case .anyInName: unit != GlobParser.slash
        case .anything: true
        case .set(let set): unit != GlobParser.slash && set.contains(unit)
        case .split, .jump, .match: false
        }
    }

    private static func closure(of start: Int, in program: [Instruction], words: Int) -> [UInt64] {
        var closure = [UInt64](repeating: 0, count: words)
        var open = [start]
        while let step = open.popLast() {
            guard closure[step / 64] & (1 << UInt64(step % 64)) == 0 else { continue }
            closure[step / 64] |= 1 << UInt64(step % 64)
            switch program[step] {
            case .split(let first, let second): open += [second, first]
            case .jump(let target): open.append(target)
            case .unit, .anyInName, .anything, .set, .match: break
            }
        }
        return closure
    }

    /// The next character's number; bytes that are no character get numbers above all of Unicode.
    private static func unit(of bytes: UnsafeBufferPointer<UInt8>, at index: inout Int) -> UInt32 {
        let first = bytes[index]
        index += 1
        guard first >= 0x80 else { return UInt32(first) }
        var decoder = UTF8()
        var iterator = bytes[(index - 1)...].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return 0x11_0000 + UInt32(first) }
        index += UTF8.width(scalar) - 1
        return scalar.value
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
