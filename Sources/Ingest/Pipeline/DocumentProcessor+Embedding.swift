import Logging

/// The vectors of a document's chunks, and where they came from.
struct EmbeddedChunks {
    /// One per chunk, in the same order.
    var vectors: [[Float]]
    var generated: Int
    var reused: Int
}

extension DocumentProcessor {
    /// Texts looked up in the store at once; bounds how many vectors are read in one transaction.
    private static let lookupBatch = 512

    /// Texts embedded between two reports of progress: a third of a second's work for the built-in model.
    private static let progressBatch = 32

    /// Embeds what the store has no vector of yet, and reports each batch.
    ///
    /// A document's work is counted in steps of equal weight: extraction with chunking is one, each chunk one,
    /// storing one; so its progress after `done` chunks of `n` is (1 + done) / (n + 2).
    func embed(_ chunks: [Chunk], for job: inout DocumentJob) async throws -> EmbeddedChunks {
        job.enter(.embedding, at: self.now())
        var known = try await self.storedVectors(of: chunks)
        let reused = chunks.count { known[$0.text] != nil }
        var missing: [String] = []
        var seen: Set<String> = []
        for chunk in chunks where known[chunk.text] == nil && seen.insert(chunk.text).inserted {
            missing.append(chunk.text)
        }

        // Texts that occur more than once are embedded once: progress counts the chunks, not the texts.
        let chunksPerText = Double(chunks.count - reused) / Double(max(missing.count, 1))
        await self.report(progress: Double(1 + reused) / Double(chunks.count + 2), of: job)
        let step = min(Self.progressBatch, self.embedder.batchLimit)
        for start in stride(from: 0, to: missing.count, by: step) {
            let batch = Array(missing[start..<min(start + step, missing.count)])
            let vectors = try await self.embedder.embed(batch)
            guard vectors.count == batch.count else { throw WrongVectorCount() }
            for (text, vector) in zip(batch, vectors) { known[text] = vector }
            let done = Double(reused) + Double(start + batch.count) * chunksPerText
            await self.report(progress: (1 + done) / Double(chunks.count + 2), of: job)
            try Task.checkCancellation()
        }
        let vectors = chunks.compactMap { known[$0.text] }
        guard vectors.count == chunks.count else { throw WrongVectorCount() }
        return EmbeddedChunks(vectors: vectors, generated: missing.count, reused: chunks.count - missing.count)
    }

    private func storedVectors(of chunks: [Chunk]) async throws -> [String: [Float]] {
        var known: [String: [Float]] = [:]
        for start in stride(from: 0, to: chunks.count, by: Self.lookupBatch) {
            let texts = chunks[start..<min(start + Self.lookupBatch, chunks.count)].map(\.text)
            for (text, vector) in zip(texts, try await self.store.vectors(for: texts)) { known[text] = vector }
        }
        return known
    }
}

/// The embedder broke its contract: not one vector a text.
private struct WrongVectorCount: DocumentError {
    let typeName = "EmbedderContract"
    let isTransient = true
    let description = "the embedder returned another number of vectors than texts; this is a defect, please report it"
}
