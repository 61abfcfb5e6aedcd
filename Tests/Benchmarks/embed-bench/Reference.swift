import FoundationEssentials

/// The part of `Tests/Reference/reference.py`'s file that the benchmark uses.
struct Reference: Decodable {
    struct Passage: Decodable {
        var text: String
        var vector: [Float]
    }

    var passages: [Passage]

    init(path: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: path)))
    }
}
