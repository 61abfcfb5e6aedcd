import Ingest
import SocketIO
import Storage

/// What came of one pass: the answer of `corpusd scan --once`.
package struct ScanReport: Sendable {
    /// What came of it for one pipeline.
    struct PipelineResult: Sendable {
        var status: PipelineStatus
        var totals: StoreTotals
        var failures: [FailureCount]
        var isRefused: Bool

        /// Files that failed and are tried again by a later pass.
        var retrying: Int { self.failures.filter(\.isRetried).reduce(0) { $0 + $1.files } }

        /// Files that failed and are not tried again by themselves.
        var dead: Int { self.failures.filter { !$0.isRetried }.reduce(0) { $0 + $1.files } }

        var exit: PassExit {
            let isRefused =
                self.isRefused || self.failures.contains { $0.type == DocumentFailure.credentialsRefused }
            if isRefused { return .credentials }
            let isComplete = self.status.problem == nil && self.status.totalFailed == 0 && self.retrying == 0
            return isComplete ? .complete : .incomplete
        }
    }

    private let pipelines: [PipelineResult]
    private let duration: Duration

    init(pipelines: [PipelineResult], duration: Duration) {
        self.pipelines = pipelines
        self.duration = duration
    }

    /// What to exit with: the worst of all pipelines.
    package var exit: PassExit {
        self.pipelines.map(\.exit).max { $0.rawValue < $1.rawValue } ?? .complete
    }

    /// One line.
    package var json: String {
        let fields = self.pipelines.map(Self.counts)
        var sums: [String: JSONValue] = [:]
        for (key, _) in fields.first ?? [] {
            sums[key] = .int(fields.reduce(0) { $0 + ($1.first { $0.0 == key }?.1 ?? 0) })
        }
        let pipelines = zip(self.pipelines, fields).map { pipeline, fields in
            JSONValue.object(
                Dictionary(uniqueKeysWithValues: fields.map { ($0.0, JSONValue.int($0.1)) }).with([
                    "pipeline_id": .string(pipeline.status.pipeline.id.rawValue),
                    "pipeline_type": .string(pipeline.status.pipeline.type.rawValue),
                    "problem": Wire.string(pipeline.status.problem),
                    "failures": .array(pipeline.failures.map(Self.failure)),
                ])
            )
        }
        let report: [String: JSONValue] = [
            "exit_code": .int(Int(self.exit.rawValue)),
            "duration": Wire.seconds(self.duration),
            "totals": .object(sums),
            "pipelines": .array(pipelines),
        ]
        return String(decoding: JSONValue.object(report).encoded(), as: UTF8.self)
    }

    private static func counts(_ pipeline: PipelineResult) -> [(String, Int)] {
        let status = pipeline.status
        return [
            ("files_processed", status.totalProcessed),
            ("files_failed", status.totalFailed),
            ("files_skipped", status.totalSkipped - status.totalUnchanged),
            ("files_unchanged", status.totalUnchanged),
            ("files_removed", status.totalRemoved),
            ("files_held", pipeline.totals.heldDeletions),
            ("files_retrying", pipeline.retrying),
            ("files_given_up", pipeline.dead),
            ("bytes_processed", status.work.bytes),
            ("chunks_created", status.work.chunksCreated),
            ("embeddings_generated", status.work.embeddingsGenerated),
            ("embeddings_reused", status.work.embeddingsReused),
            ("total_files", pipeline.totals.documents),
            ("total_chunks", pipeline.totals.chunks),
        ]
    }

    private static func failure(_ count: FailureCount) -> JSONValue {
        .object([
            "error_type": .string(count.type), "is_retried": .bool(count.isRetried), "files": .int(count.files),
        ])
    }
}
