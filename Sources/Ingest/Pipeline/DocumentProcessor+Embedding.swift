import Logging

/// The vectors of a document's chunks, and where they came from.
struct EmbeddedChunks {
    /// One per chunk, in the same order.
    var vectors: [[Float]]
    var generated: Int
    var reused: Int
}

/// The vectors of a document's texts as they come in.
private struct KnownVectors {
    /// Each text once, in the order of the document.
    let texts: [String]
    private let chunkCount: Int
    /// How many chunks have this text.
    private let occurrences: [String: Int]
    private var vectors: [String: [Float]] = [:]
    /// How many chunks have a vector.
    private var done = 0

    init(of chunks: [Chunk]) {
        var texts: [String] = []
        var occurrences: [String: Int] = [:]
        for chunk in chunks {
            if occurrences[chunk.text] == nil { texts.append(chunk.text) }
            occurrences[chunk.text, default: 0] += 1
        }
        self.texts = texts
        self.chunkCount = chunks.count
        self.occurrences = occurrences
    }

    subscript(text: String) -> [Float]? {
        get { self.vectors[text] }
        set {
            let isKnown = self.vectors[text] != nil
            self.vectors[text] = newValue
            if isKnown != (newValue != nil) { self.done += (self.occurrences[text] ?? 0) * (isKnown ? -1 : 1) }
        }
    }

    /// How far the document is, with extraction and storing worth a chunk each.
    var progress: Double { Double(1 + self.done) / Double(self.chunkCount + 2) }
}

extension DocumentProcessor {
    /// Texts looked up in the store at once; bounds how many vectors are read in one transaction.
    private static let lookupBatch = 512

    /// Embeds what neither the store nor another worker has a vector of, and reports each batch.
    ///
    /// A text is claimed before it is looked up, and stays so until its document is stored or has failed: of documents
    /// that are in work at the same time, one embeds a text that they share and the others wait for it.
    ///
    /// A document's work is counted in steps of equal weight: extraction with chunking is one, each chunk one,
    /// storing one; so its progress after `done` chunks of `n` is (1 + done) / (n + 2).
    func embed(_ chunks: [Chunk], for job: inout DocumentJob, claiming claims: TextClaims.Holder) async throws
        -> EmbeddedChunks
    {
        job.enter(.embedding, at: self.now())
        var known = KnownVectors(of: chunks)
        var generated = 0
        var open = known.texts
        while !open.isEmpty {
            let claimed = await claims.claim(open)
            try await self.lookUp(claimed.mine, into: &known)
            await self.report(progress: known.progress, of: job)
            let missing = claimed.mine.filter { known[$0] == nil }
            try await self.generate(missing, into: &known, for: job)
            generated += missing.count
            await claims.settle(claimed.mine.map { ($0, known[$0] ?? []) })
            // Others' texts last: whoever waits has nothing left that somebody could wait for.
            for text in claimed.others { known[text] = try await claims.vector(of: text) }
            open = open.filter { known[$0] == nil }
        }
        let vectors = chunks.compactMap { known[$0.text] }
        guard vectors.count == chunks.count else { throw WrongVectorCount() }
        return EmbeddedChunks(vectors: vectors, generated: generated, reused: chunks.count - generated)
    }

    /// Embeds texts and reports each batch; those that occur more than once count as often.
    private func generate(
        _ missing: [String], into known: inout KnownVectors, for job: DocumentJob
    ) async throws {
        let step = min(self.embedder.batchHint, self.embedder.batchLimit)
        for start in stride(from: 0, to: missing.count, by: step) {
            let batch = Array(missing[start..<min(start + step, missing.count)])
            let vectors = try await self.embedder.embed(batch)
            guard vectors.count == batch.count else { throw WrongVectorCount() }
            for (text, vector) in zip(batch, vectors) { known[text] = vector }
            await self.report(progress: known.progress, of: job)
            try Task.checkCancellation()
        }
    }

    private func lookUp(_ texts: [String], into known: inout KnownVectors) async throws {
        for start in stride(from: 0, to: texts.count, by: Self.lookupBatch) {
            let batch = Array(texts[start..<min(start + Self.lookupBatch, texts.count)])
            for (text, vector) in zip(batch, try await self.store.vectors(for: batch)) where vector != nil {
                known[text] = vector
            }
        }
    }
}
