/// Which texts are being embedded now, and by whom: documents in work at the same time share what they have in common.
///
/// A claim lasts until its document is stored or has failed. Whoever then claims the text finds it in the store.
package actor TextClaims {
    private enum Claim {
        /// Its holder has yet to embed it; these wait for the vector.
        case pending(holder: Int, waiting: [CheckedContinuation<[Float]?, Never>])
        case settled(holder: Int, vector: [Float])

        var holder: Int {
            switch self {
            case .pending(let holder, _), .settled(let holder, _): holder
            }
        }
    }

    private var claims: [String: Claim] = [:]
    private var held: [Int: [String]] = [:]
    private var lastHolder = 0

    package init() {}

    /// Begins a document's part; its `close` must follow, however it ends.
    package func open() -> Holder {
        self.lastHolder += 1
        return Holder(claims: self, id: self.lastHolder)
    }

    /// One document's part of it.
    package struct Holder: Sendable {
        fileprivate let claims: TextClaims
        fileprivate let id: Int

        /// Claims those of the texts that nobody else has; the rest is `others`.
        package func claim(_ texts: [String]) async -> (mine: [String], others: [String]) {
            await self.claims.claim(texts, for: self.id)
        }

        /// Gives the vectors of claimed texts to all who wait for them.
        package func settle(_ vectors: [(text: String, vector: [Float])]) async {
            await self.claims.settle(vectors, for: self.id)
        }

        /// Waits for the vector of a text that another holder claimed.
        ///
        /// - Returns: Nil when that one gave up: the text can be claimed again.
        /// - Throws: `CancellationError`, once the other is done: who cancels one worker cancels them all.
        package func vector(of text: String) async throws -> [Float]? {
            let vector = await self.claims.vector(of: text)
            try Task.checkCancellation()
            return vector
        }

        /// Gives everything up: the document is stored, or has failed.
        package func close() async { await self.claims.release(self.id) }
    }

    private func claim(_ texts: [String], for holder: Int) -> (mine: [String], others: [String]) {
        var mine: [String] = []
        var others: [String] = []
        for text in texts {
            if let claim = self.claims[text], claim.holder != holder {
                others.append(text)
            } else {
                if self.claims[text] == nil {
                    self.claims[text] = .pending(holder: holder, waiting: [])
                    self.held[holder, default: []].append(text)
                }
                mine.append(text)
            }
        }
        return (mine, others)
    }

    private func settle(_ vectors: [(text: String, vector: [Float])], for holder: Int) {
        for (text, vector) in vectors {
            guard case .pending(let owner, let waiting)? = self.claims[text], owner == holder else { continue }
            self.claims[text] = .settled(holder: holder, vector: vector)
            for waiter in waiting { waiter.resume(returning: vector) }
        }
    }

    private func vector(of text: String) async -> [Float]? {
        switch self.claims[text] {
        case nil: return nil
        case .settled(_, let vector)?: return vector
        case .pending(let holder, let waiting)?:
            return await withCheckedContinuation { continuation in
                self.claims[text] = .pending(holder: holder, waiting: waiting + [continuation])
            }
        }
    }

    private func release(_ holder: Int) {
        for text in self.held.removeValue(forKey: holder) ?? [] {
            guard case .pending(_, let waiting)? = self.claims.removeValue(forKey: text) else { continue }
            for waiter in waiting { waiter.resume(returning: nil) }
        }
    }
}
