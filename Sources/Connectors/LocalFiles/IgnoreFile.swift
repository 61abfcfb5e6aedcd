/// The rules of one `.corpusignore`: those of gitignore, for the directory that it lies in and all below it.
///
/// Each line is a pattern; the last one that matches decides. `!` takes back what an earlier line ignored, `/` at the
/// end speaks of directories only, `/` at the beginning or in the middle ties a pattern to this directory, `**` crosses
/// directories, `#` begins a comment. What lies in an ignored directory cannot be taken back, as nobody looks there.
/// Source: gitignore(5), "Pattern format".
package struct IgnoreFile: Equatable, Sendable {
    package static let name = Array(".corpusignore".utf8)
    /// The largest file that is read, in bytes; it bounds the memory and the time that rules take.
    package static let sizeLimit = 65_536

    private struct Rule: Sendable {
        var glob: Glob
        /// Whether it takes back.
        var isNegated: Bool
        var isForDirectories: Bool
    }

    private let text: [UInt8]
    private let rules: [Rule]

    /// - Parameter text: The content; lines that are no pattern match nothing, as in git.
    package init(_ text: [UInt8]) {
        self.text = text
        let lines = String(decoding: text, as: UTF8.self).split { $0 == "\n" || $0 == "\r\n" }
        self.rules = lines.compactMap { Self.rule(of: $0) }
    }

    package static func == (one: IgnoreFile, other: IgnoreFile) -> Bool { one.text == other.text }

    /// Whether to ignore an entry.
    ///
    /// - Parameters:
    ///   - path: Below the directory of the file, of which all directories in between are not ignored.
    ///   - isDirectory: Whether it is a directory.
    /// - Returns: Nil when no rule speaks of it.
    package func ignores(_ path: ArraySlice<UInt8>, isDirectory: Bool) -> Bool? {
        self.rules.last { (isDirectory || !$0.isForDirectories) && $0.glob.matches(path) }.map { !$0.isNegated }
    }

    private static func rule(of line: Substring) -> Rule? {
        var pattern = self.trimmed(line)
        guard !pattern.isEmpty, pattern.first != "#" else { return nil }
        let isNegated = pattern.first == "!"
        if isNegated { pattern.removeFirst() }
        let isForDirectories = pattern.last == "/"
        if isForDirectories { pattern.removeLast() }
        let isTied = pattern.contains("/")
        if pattern.first == "/" { pattern.removeFirst() }
        guard !pattern.isEmpty, let glob = try? Glob((isTied ? "" : "**/") + pattern, dialect: .ignoreFile) else {
            return nil
        }
        return Rule(glob: glob, isNegated: isNegated, isForDirectories: isForDirectories)
    }

    /// The line without spaces at its end, unless they are quoted by a backslash.
    private static func trimmed(_ line: Substring) -> Substring {
        var line = line
        while line.last == " " {
            let backslashes = line.dropLast().reversed().prefix { $0 == "\\" }.count
            if backslashes % 2 == 1 { break }
            line.removeLast()
        }
        return line
    }
}
