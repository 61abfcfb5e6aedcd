package import Ingest
import SocketIO

/// The answer of `corpusd search`, as text for people or as JSON.
package struct SearchReport: Sendable {
    private let query: String
    private let hits: [SearchHit]
    private let duration: Duration

    package init(query: String, hits: [SearchHit], duration: Duration) {
        self.query = query
        self.hits = hits
        self.duration = duration
    }

    /// One line, the same object as `GET /api/search` answers.
    package var json: String {
        String(decoding: Wire.answer(to: self.query, hits: self.hits, duration: self.duration).encoded(), as: UTF8.self)
    }

    /// One block a hit: where it is, and the passage indented below.
    package var text: String {
        guard !self.hits.isEmpty else { return "Nothing found." }
        return self.hits.enumerated().map { Self.block(number: $0 + 1, hit: $1) }.joined(separator: "\n\n")
    }

    private static func block(number: Int, hit: SearchHit) -> String {
        var place = hit.path
        if let page = hit.chunk.page { place += ", page \(page)" }
        if let sheet = hit.chunk.sheet { place += ", sheet \(sheet)" }
        if !hit.chunk.headingPath.isEmpty { place += " · " + hit.chunk.headingPath.joined(separator: " › ") }
        let passage = hit.chunk.text.split(whereSeparator: \.isNewline).map { "   " + $0 }
        return (["\(number). \(TerminalText.printable(place))"] + passage.map { TerminalText.printable($0) }).joined(
            separator: "\n")
    }
}
