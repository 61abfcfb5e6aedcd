import FoundationEssentials
import Ingest
import SocketIO

/// The answer of `corpusd deletions list`, as text for people or as JSON.
package struct DeletionReport: Sendable {
    /// Lines of text for each pipeline and state; more are counted only.
    private static let shownFiles = 50

    private let all: HeldDeletionPage
    private let pipelines: [PipelineID]

    /// - Parameters:
    ///   - all: Every deletion on hold.
    ///   - pipelines: Those that were asked for.
    init(_ all: HeldDeletionPage, of pipelines: [PipelineID]) {
        self.all = all
        self.pipelines = pipelines
    }

    /// One line, the same object as `GET /api/deletions` answers, with all of them on its only page.
    package var json: String {
        String(decoding: Wire.deletions(self.all, of: self.pipelines).encoded(), as: UTF8.self)
    }

    package var text: String {
        let deletions = Dictionary(grouping: self.all.deletions.sorted { $0.path < $1.path }, by: \.document.pipeline)
        let blocks = self.pipelines.flatMap { pipeline in
            HeldDeletion.State.allCases.compactMap { state in
                Self.block(pipeline, state, (deletions[pipeline] ?? []).filter { $0.state == state })
            }
        }
        return blocks.isEmpty ? "No deletion is held." : blocks.joined(separator: "\n\n")
    }

    private static func block(
        _ pipeline: PipelineID,
        _ state: HeldDeletion.State,
        _ deletions: [HeldDeletion]
    ) -> String? {
        guard !deletions.isEmpty else { return nil }
        let title =
            switch state {
            case .held: "\(pipeline): \(deletions.count) gone, kept until someone decides"
            case .kept: "\(pipeline): \(deletions.count) gone, kept because someone decided so"
            }
        var lines = [title]
        lines += deletions.prefix(Self.shownFiles).map { deletion in
            "   \(TerminalText.printable(deletion.path))   since \(deletion.since.formatted(Date.ISO8601FormatStyle()))"
        }
        if deletions.count > Self.shownFiles { lines.append("   and \(deletions.count - Self.shownFiles) more") }
        return lines.joined(separator: "\n")
    }
}
