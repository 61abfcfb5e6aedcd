package import Config
import FoundationEssentials
import Ingest
package import Logging
import NIOPosix
import Storage

/// Makes the vectors of the configured model beside those that the database has, and changes over when it can.
///
/// The database is only read until the change, so that the daemon goes on with the old model meanwhile; whatever it
/// stores before its next start is seen to by that start.
package struct Reembedding: Sendable {
    /// How it went on, for whoever waits.
    package enum Progress: Sendable {
        /// Passages seen to, of those that there were at the beginning.
        case passages(Int, of: Int)
        /// The embedding service does not answer; it is asked again.
        case waiting(reason: String)
    }

    package struct Outcome: Sendable {
        package enum State: String, Sendable {
            /// The database has vectors of this model already.
            case current
            /// All vectors are there; the next start of the daemon takes them over.
            case ready
            /// The database has the new vectors now.
            case switched
        }

        package var state: State
        /// `openai/text-embedding-3-small`.
        package var model: String
        package var passages: Int
        /// Texts that were embedded now.
        package var embedded: Int
    }

    /// Passages looked at in one transaction.
    private static let page = 1_024

    /// What a model does not take of a passage as short as this is not its length; in Unicode scalars.
    private static let shortest = 50

    private let config: Config
    private let embedder: any Embedder
    private let logger: Logger

    /// - Throws: What `openEmbedder` throws.
    package init(config: Config, logger: Logger) async throws {
        self.init(
            config: config, embedder: try await config.openEmbedder(threads: config.workers, logger: logger), logger)
    }

    init(config: Config, embedder: any Embedder, _ logger: Logger) {
        self.config = config
        self.embedder = embedder
        self.logger = logger
    }

    /// Makes what is lacking and changes over, or leaves that to the next start if the daemon has the database.
    ///
    /// - Parameter report: Told of every step.
    /// - Returns: What came of it.
    /// - Throws: `StoreError`, or a `DocumentError` for a passage that the service does not take.
    package func run(_ report: @Sendable (Progress) -> Void) async throws -> Outcome {
        let store = try await self.config.openStore(for: nil, access: .readOnly, logger: self.logger)
        let model = self.embedder.model
        var outcome = Outcome(
            state: .current, model: "\(model.provider)/\(model.name)", passages: try await store.passageCount(),
            embedded: 0)
        guard !store.model.isComparable(with: model) else {
            try await store.close()
            return outcome
        }
        outcome.embedded = try await self.fill(from: store, count: outcome.passages, report)
        try await store.close()
        outcome.state = try await self.change() ? .switched : .ready
        return outcome
    }

    /// Sees to what was stored since, for a draft that is to be taken over at this start.
    ///
    /// - Returns: Whether there is such a draft.
    @discardableResult
    func finish(_ report: @Sendable (Progress) -> Void) async throws -> Bool {
        let path = self.config.store.path
        let model = self.embedder.model
        let isReady = try await NIOThreadPool.singleton.runIfActive {
            VectorDraft.isFinished(for: model, database: path)
        }
        guard isReady else { return false }
        let store = try await self.config.openStore(for: nil, access: .readOnly, logger: self.logger)
        if !store.model.isComparable(with: model) {
            _ = try await self.fill(from: store, count: try await store.passageCount(), report)
        }
        try await store.close()
        return true
    }

    /// Adds what the draft lacks.
    ///
    /// - Returns: How many texts were embedded.
    private func fill(
        from store: SQLiteStore, count: Int, _ report: @Sendable (Progress) -> Void
    ) async throws -> Int {
        let path = self.config.store.path
        let model = self.embedder.model
        let draft = try await NIOThreadPool.singleton.runIfActive { try VectorDraft(database: path, model: model) }
        defer { draft.close() }
        var last: Int64 = 0
        var seen = 0
        var embedded = 0
        report(.passages(0, of: count))
        while true {
            let passages = try await store.passages(after: last, limit: Self.page)
            guard let end = passages.last else { break }
            last = end.id
            let lacking = try await draft.lacking(passages.map(\.hash))
            var wanted = lacking
            let missing = passages.filter { wanted.remove($0.hash) != nil }
            let step = min(self.embedder.batchLimit, self.embedder.batchHint)
            for start in stride(from: 0, to: missing.count, by: step) {
                let batch = missing[start..<min(start + step, missing.count)]
                let vectors = try await self.embed(batch.map(\.text), report)
                try await draft.add(zip(batch, vectors).map { (hash: $0.hash, vector: $1) })
                embedded += batch.count
                let done = seen + passages.count * (start + batch.count) / missing.count
                report(.passages(done, of: max(count, done)))
            }
            seen += passages.count
            report(.passages(seen, of: max(count, seen)))
        }
        try await draft.markFinished()
        return embedded
    }

    /// Embeds texts, however long the service takes to answer; of one that it does not take, the beginning.
    ///
    /// Passages were cut for another model, which may have read longer ones.
    private func embed(_ texts: [String], _ report: @Sendable (Progress) -> Void) async throws -> [[Float]] {
        while true {
            do {
                return try await self.embedder.embed(texts)
            } catch let error as any DocumentError where error.isTransient && !error.concernsDocument {
                report(.waiting(reason: error.description))
            } catch let error as any DocumentError where error.concernsDocument {
                guard texts.count == 1, let text = texts.first else {
                    let middle = texts.count / 2
                    let first = try await self.embed(Array(texts[..<middle]), report)
                    return try await first + self.embed(Array(texts[middle...]), report)
                }
                let length = text.unicodeScalars.count / 2
                guard length >= Self.shortest else { throw error }
                return try await self.embed([String(text.unicodeScalars.prefix(length))], report)
            }
        }
    }

    /// - Returns: False when the daemon has the database.
    private func change() async throws -> Bool {
        do {
            let store = try await self.config.openStore(
                for: self.embedder.model, access: .readWrite, logger: self.logger)
            try await store.close()
            return true
        } catch StoreError.inUse {
            return false
        } catch StoreError.otherModel {
            // A document was stored in between by a daemon that is stopped by now: its next start sees to that.
            return false
        }
    }
}

extension Config {
    /// Sees that the database, if there is one, has vectors of the configured model, or that those are ready.
    ///
    /// Blocks; a database that this user may not read is passed over.
    ///
    /// - Throws: `StoreError.otherModel`.
    package func checkModel(logger: Logger) throws {
        do {
            _ = try SQLiteStore(path: self.store.path, model: self.embeddingModel, access: .readOnly, logger: logger)
        } catch {
            guard case .otherModel = error,
                !VectorDraft.isFinished(for: self.embeddingModel, database: self.store.path)
            else { return }
            throw error
        }
    }
}
