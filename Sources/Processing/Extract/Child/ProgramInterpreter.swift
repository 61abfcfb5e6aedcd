import Glibc

/// What the kernel runs to start a program: the interpreter of a script, the loader of a linked program.
///
/// Source: execve(2), elf(5).
enum ProgramInterpreter {
    /// Where both stand in every usual program.
    private static let headLength = 4_096
    /// A script may name a script, which names a program, which names its loader.
    private static let longestChain = 4

    /// The program and all that is needed to start it, by path.
    static func chain(of program: String) -> [String] {
        var chain = [program]
        while chain.count < Self.longestChain, let last = chain.last, let next = Self.interpreter(of: last) {
            chain.append(next)
        }
        return chain
    }

    private static func interpreter(of program: String) -> String? {
        let file = open(program, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var head = [UInt8](repeating: 0, count: Self.headLength)
        let count = read(file, &head, head.count)
        let bytes = head.prefix(max(count, 0))
        return bytes.starts(with: "#!".utf8) ? Self.ofScript(bytes) : Self.ofLinkedProgram(bytes)
    }

    private static func ofScript(_ head: ArraySlice<UInt8>) -> String? {
        let line = head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
        return line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.first
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Reads `PT_INTERP` of a 64-bit little-endian program.
    private static func ofLinkedProgram(_ head: ArraySlice<UInt8>) -> String? {
        guard head.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]), let table = Self.number(head, at: 32, bytes: 8),
            let size = Self.number(head, at: 54, bytes: 2), let count = Self.number(head, at: 56, bytes: 2)
        else { return nil }
        for entry in 0..<min(count, 64) {
            let start = table &+ entry &* size
            guard Self.number(head, at: start, bytes: 4) == 3, let offset = Self.number(head, at: start &+ 8, bytes: 8),
                let length = Self.number(head, at: start &+ 32, bytes: 8), head.indices.contains(offset),
                length < head.count
            else { continue }
            return String(decoding: head[offset...].prefix(length).prefix { $0 != 0 }, as: UTF8.self)
        }
        return nil
    }

    private static func number(_ bytes: ArraySlice<UInt8>, at offset: Int, bytes count: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - count else { return nil }
        return bytes[offset..<offset + count].reversed().reduce(0) { $0 &<< 8 | Int($1) }
    }
}
