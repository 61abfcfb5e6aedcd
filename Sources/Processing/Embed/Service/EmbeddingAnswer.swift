package import FoundationEssentials
import Ingest

/// Reads what an embedding service answers: nothing in it is believed.
package enum EmbeddingAnswer {
    /// The most bytes of an answer with so many vectors: numbers with all their digits, and as much again.
    package static func sizeLimit(vectors: Int, dimensions: Int) -> Int { 65_536 + vectors * (dimensions * 48 + 1_024) }

    /// The vectors of an answer, each of unit length, in the order of the texts.
    ///
    /// - Parameters:
    ///   - body: The whole answer.
    ///   - count: How many texts were sent.
    ///   - service: Who answered, and with which model.
    /// - Returns: `[count][dimensions]`.
    /// - Throws: What is wrong with it.
    package static func vectors(
        in body: Data,
        count: Int,
        from service: EmbeddingService
    ) throws(EmbeddingServiceError) -> [[Float]] {
        let problem = { EmbeddingServiceError.unusable(address: service.address, reason: $0) }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: body) else {
            throw problem("it is no JSON with 'data' and an 'embedding' of finite numbers in each")
        }
        guard answer.data.count == count else {
            throw problem("it has \(answer.data.count) vectors for \(count) texts")
        }
        var vectors = [[Float]?](repeating: nil, count: count)
        for (position, item) in answer.data.enumerated() {
            let index = item.index ?? position
            guard vectors.indices.contains(index), vectors[index] == nil else {
                throw problem("its vectors are not numbered from 0 to \(count - 1)")
            }
            guard item.embedding.count == service.model.dimensions else {
                throw .otherDimensions(
                    address: service.address, found: item.embedding.count, expected: service.model.dimensions)
            }
            guard let vector = Self.normalized(item.embedding) else {
                throw problem("it has a vector without a direction: all zeros, or numbers too large")
            }
            vectors[index] = vector
        }
        return vectors.compactMap { $0 }
    }

    /// The service's word for what it refused: small letters and underscores only, so that it can be no key and no text.
    static func errorCode(in body: some Sequence<UInt8>) -> String? {
        guard let code = try? JSONDecoder().decode(Refusal.self, from: Data(body)).error.code else { return nil }
        let isWord = code.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F }
        return isWord && (1...48).contains(code.utf8.count) ? code : nil
    }

    private static func normalized(_ vector: [Float]) -> [Float]? {
        // In double precision no square of a float overflows.
        let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard length.isFinite, length > 0 else { return nil }
        return vector.map { Float(Double($0) / length) }
    }

    private struct Answer: Decodable {
        struct Item: Decodable {
            /// Some services leave it out.
            var index: Int?
            var embedding: [Float]
        }

        var data: [Item]
    }

    private struct Refusal: Decodable {
        struct Detail: Decodable { var code: String? }

        var error: Detail
    }
}

/// The body of a request.
struct EmbeddingRequestBody: Encodable {
    private enum CodingKeys: String, CodingKey {
        case model, input, dimensions
        case encodingFormat = "encoding_format"
    }

    var model: String
    var input: [String]
    /// Nil for the length that the model has.
    var dimensions: Int?
    var encodingFormat = "float"
}
