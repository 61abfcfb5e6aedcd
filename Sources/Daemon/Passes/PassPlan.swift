package import Config
import Ingest
package import Logging
import Processing
import SocketIO
import Storage

/// What one pass would do, for `corpusd plan`.
///
/// Reads only, also while the daemon runs.
package struct PassPlan: Sendable {
    private let plans: [(pipeline: Pipeline, plan: ScanPlan)]

    /// Looks through all pipelines and reads every file that a pass would process.
    ///
    /// - Parameters:
    ///   - config: What the file says.
    ///   - pipeline: The only one to look through; nil for all.
    ///   - logger: For what a person must act upon.
    ///   - report: Told of every step.
    /// - Throws: Why that cannot be said.
    package init(
        config: Config,
        pipeline: String?,
        logger: Logger,
        report: (PassProgress) -> Void = { _ in }
    ) async throws {
        let embedder = try await config.openEmbedder(threads: 1, logger: logger)
        let store = try await config.storeForReading(embedder.model, logger: logger)
        let workers = config.workers
        let threads = WorkerThreads(count: workers)
        var plans: [(pipeline: Pipeline, plan: ScanPlan)] = []
        for pipeline in config.pipelines.filter({ pipeline == nil || $0.id == pipeline }) {
            let source = try config.source(pipeline, mustBeReadable: false, isBeside: true, logger: logger)
            let planner = Planner(
                source: source,
                store: store,
                extractor: FileExtractor(limits: config.extractionLimits, recognition: config.recognition),
                chunker: config.chunker(for: embedder),
                workers: workers,
                executor: threads
            )
            report(.looking(at: pipeline.id))
            let plan = try await planner.plan { read, total in report(.reading(read, of: total, in: pipeline.id)) }
            plans.append((source.pipeline, plan))
        }
        self.plans = plans
    }

    /// Whether every place could be read.
    package var isComplete: Bool { self.plans.allSatisfy { $0.plan.problem == nil } }

    /// One line.
    package var json: String {
        let fields = self.plans.map { Self.counts($0.plan) }
        let sums = Self.counts(ScanPlan()).map { key, _ in
            (key, JSONValue.int(fields.reduce(0) { sum, fields in sum + (fields.first { $0.0 == key }?.1 ?? 0) }))
        }
        let pipelines = zip(self.plans, fields).map { plan, fields in
            JSONValue.object(
                Dictionary(uniqueKeysWithValues: fields.map { ($0.0, JSONValue.int($0.1)) }).with([
                    "pipeline_id": .string(plan.pipeline.id.rawValue),
                    "pipeline_type": .string(plan.pipeline.type.rawValue),
                    "problem": Wire.string(plan.plan.problem),
                ])
            )
        }
        let report: JSONValue = .object([
            "totals": .object(Dictionary(uniqueKeysWithValues: sums)), "pipelines": .array(pipelines),
        ])
        return String(decoding: report.encoded(), as: UTF8.self)
    }

    /// A block for each pipeline.
    package var text: String {
        self.plans.map { pipeline, plan in
            var lines = ["\(pipeline.id)  \(TerminalText.printable(pipeline.watchLocation))"]
            if let problem = plan.problem { lines.append("   \(TerminalText.printable(problem))") }
            lines += Self.counts(plan).filter { $0.1 > 0 }.map { key, count in
                "   \(key.replacing("_", with: " ")): \(count)"
            }
            if lines.count == 1 { lines.append("   nothing to do") }
            return lines.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    private static func counts(_ plan: ScanPlan) -> [(String, Int)] {
        [
            ("files_new", plan.new),
            ("files_changed", plan.changed),
            ("files_moved", plan.moved),
            ("files_unchanged", plan.unchanged),
            ("files_retried", plan.retried),
            ("files_removed", plan.removed),
            ("files_held", plan.held),
            ("files_returned", plan.returned),
            ("files_skipped", plan.skipped),
            ("files_failing", plan.failing),
            ("bytes_to_read", plan.bytes),
            ("chunks", plan.chunks),
            ("chunks_to_embed", plan.chunksToEmbed),
            ("tokens_to_embed", plan.tokensToEmbed),
        ]
    }
}

extension Config {
    /// Opens the database to read it; nil when there is none yet.
    fileprivate func storeForReading(_ model: EmbeddingModel, logger: Logger) async throws -> SQLiteStore? {
        do {
            return try await self.openStore(for: model, access: .readOnly, logger: logger)
        } catch StoreError.missing {
            return nil
        }
    }
}
