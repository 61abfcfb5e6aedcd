import FoundationEssentials

/// The part of `Tests/Reference/reference.py`'s file that the benchmark uses.
struct Reference: Decodable {
    struct Passage: Decodable {
        var text: String
        var vector: [Float]
    }

    struct Line: Decodable {
        var text: String
    }

    var lines: [Line]
    var passages: [Passage]

    init(path: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// The passages of about so many characters that are English; others have several times the tokens.
    func english(length: Int) -> [Passage] {
        self.passages.filter { passage in
            passage.text.utf8.allSatisfy { $0 < 0x80 } && abs(passage.text.count - length) < length / 2
        }
    }
}
