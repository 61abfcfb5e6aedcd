import Ingest
import SocketIO

/// The answer of `corpusd search`, as text for people or as JSON.
package struct SearchReport: Sendable {
    private let query: String
    private let answer: SearchAnswer
    private let duration: Duration

    private static let wordsOnly = "By words alone, not by meaning: the question could not be embedded."

    package init(query: String, answer: SearchAnswer, duration: Duration) {
        self.query = query
        self.answer = answer
        self.duration = duration
    }

    /// One line, the same object as `GET /api/search` answers.
    package var json: String {
        let json = Wire.answer(to: self.query, self.answer, duration: self.duration)
        return String(decoding: json.encoded(), as: UTF8.self)
    }

    /// One block a hit: where it is, and the passage indented below.
    package var text: String {
        var blocks = self.answer.hits.enumerated().map { Self.block(number: $0 + 1, hit: $1) }
        if blocks.isEmpty { blocks = ["Nothing found."] }
        if self.answer.isByWordsOnly { blocks.insert(Self.wordsOnly, at: 0) }
        return blocks.joined(separator: "\n\n")
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
