/// What is saved of the sockets over a restart: the server's own bytes, and which pipelines they speak of.
///
/// One line a pipeline, an empty line, then the bytes.
package struct SavedSockets: Equatable, Sendable {
    /// Type and id of each, in the order of the configuration; no line breaks in any.
    package let pipelines: [String]
    /// Opaque here.
    package let sockets: [UInt8]

    package init(pipelines: [String], sockets: [UInt8]) {
        self.pipelines = pipelines
        self.sockets = sockets
    }

    /// Reads what `encoded` wrote; nil for anything that has no empty line.
    package init?(decoding bytes: [UInt8]) {
        let lineFeed = UInt8(ascii: "\n")
        var pipelines: [String] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: lineFeed) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            guard !line.isEmpty else {
                self.init(pipelines: pipelines, sockets: Array(rest))
                return
            }
            pipelines.append(String(decoding: line, as: UTF8.self))
        }
        return nil
    }

    package func encoded() -> [UInt8] {
        self.pipelines.flatMap { Array("\($0)\n".utf8) } + [UInt8(ascii: "\n")] + self.sockets
    }
}
