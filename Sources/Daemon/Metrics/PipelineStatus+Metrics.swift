import FoundationEssentials
package import Ingest

extension MetricFamily {
    /// What the pipelines have done and are doing, each by `pipeline_id` and `pipeline_type`.
    package static func pipelines(_ statuses: [PipelineStatus]) -> [MetricFamily] {
        Self.states(of: statuses) + Self.totals(of: statuses) + Self.amounts(of: statuses)
    }

    private static func states(of statuses: [PipelineStatus]) -> [MetricFamily] {
        let states = statuses.flatMap { status in
            PipelineState.allCases.map { state in
                Sample(status.pipeline.labels + [Label("state", state.rawValue)], status.state == state ? 1 : 0)
            }
        }
        let checks = statuses.compactMap { status in
            status.lastCheckAt.map { Sample(status.pipeline.labels, $0.timeIntervalSince1970) }
        }
        return [
            MetricFamily("corpusd_pipeline_state", .gauge, "1 for the state that the pipeline is in, else 0.", states),
            MetricFamily(
                "corpusd_pipeline_last_check_timestamp_seconds", .gauge,
                "When the pipeline's place was last checked in full, in Unix time.", checks
            ),
        ]
    }

    private static func totals(of statuses: [PipelineStatus]) -> [MetricFamily] {
        let totals: [(String, String, KeyPath<PipelineStatus, Int>)] = [
            ("processed", "Documents that were stored.", \.totalProcessed),
            ("failed", "Attempts at documents that failed.", \.totalFailed),
            ("skipped", "Documents that needed no work or cannot be read.", \.totalSkipped),
            ("removed", "Documents that went from their place.", \.totalRemoved),
        ]
        return totals.map { name, help, value in
            MetricFamily("corpusd_documents_\(name)_total", .counter, help, statuses.samples(of: value))
        }
    }

    private static func amounts(of statuses: [PipelineStatus]) -> [MetricFamily] {
        let amounts: [(String, String, KeyPath<PipelineStatus, Int>)] = [
            ("corpusd_documents_queued", "Changes that wait for a worker.", \.queued),
            ("corpusd_documents_processing", "Documents that workers have in hand.", \.processing.count),
            ("corpusd_documents_stored", "Documents that are searchable.", \.stored.documents),
            ("corpusd_documents_dead_letters", "Files that failed and are not tried again unasked.", \.stored.failed),
            ("corpusd_documents_retrying", "Files that failed and are tried again.", \.stored.retrying),
            ("corpusd_chunks_stored", "Passages that are searchable.", \.stored.chunks),
        ]
        return amounts.map { name, help, value in MetricFamily(name, .gauge, help, statuses.samples(of: value)) }
    }
}

extension [PipelineStatus] {
    fileprivate func samples(of value: KeyPath<PipelineStatus, Int>) -> [MetricFamily.Sample] {
        self.map { MetricFamily.Sample($0.pipeline.labels, Double($0[keyPath: value])) }
    }
}

extension Pipeline {
    fileprivate var labels: [MetricFamily.Label] {
        [.init("pipeline_id", self.id.rawValue), .init("pipeline_type", self.type.rawValue)]
    }
}
