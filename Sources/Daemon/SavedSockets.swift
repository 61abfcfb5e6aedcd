/// What is saved of the sockets over a restart: the server's own bytes, which pipelines they speak of, and who could
/// hear what.
///
/// A line for the grants, one a pipeline, an empty line, then the bytes.
package struct SavedSockets: Equatable, Sendable {
    /// A digest of what every token allows: whoever comes back gets what it was allowed then.
    package let grants: String
    /// Type and id of each, in the order of the configuration; no line breaks in any.
    package let pipelines: [String]
    /// Opaque here.
    package let sockets: [UInt8]

    package init(grants: String, pipelines: [String], sockets: [UInt8]) {
        self.grants = grants
        self.pipelines = pipelines
        self.sockets = sockets
    }

    private static let mark = "grants "

    /// Reads what `encoded` wrote; nil for anything else, such as what was saved before grants were.
    package init?(decoding bytes: [UInt8]) {
        let lineFeed = UInt8(ascii: "\n")
        var lines: [String] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: lineFeed) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            guard !line.isEmpty else {
                guard let grants = lines.first, grants.hasPrefix(Self.mark) else { return nil }
                self.init(
                    grants: String(grants.dropFirst(Self.mark.count)),
                    pipelines: Array(lines.dropFirst()),
                    sockets: Array(rest)
                )
                return
            }
            lines.append(String(decoding: line, as: UTF8.self))
        }
        return nil
    }

    package func encoded() -> [UInt8] {
        let lines = [Self.mark + self.grants] + self.pipelines
        return lines.flatMap { Array("\($0)\n".utf8) } + [UInt8(ascii: "\n")] + self.sockets
    }
}
