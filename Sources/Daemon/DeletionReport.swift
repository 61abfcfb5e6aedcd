import FoundationEssentials
import Ingest
import SocketIO

/// The answer of `corpusd deletions list`, as text for people or as JSON.
package struct DeletionReport: Sendable {
    /// Lines of text for each pipeline and state; more are counted only.
    private static let shownFiles = 50

    private let lists: [(pipeline: PipelineID, deletions: [HeldDeletion])]

    init(_ lists: [(PipelineID, [HeldDeletion])]) {
        self.lists = lists.map { (pipeline: $0.0, deletions: $0.1) }
    }

    /// One line, the same object as `GET /api/deletions` answers.
    package var json: String { String(decoding: Wire.deletions(self.lists).encoded(), as: UTF8.self) }

    package var text: String {
        let blocks = self.lists.flatMap { pipeline, deletions in
            HeldDeletion.State.allCases.compactMap { state in
                Self.block(pipeline, state, deletions.filter { $0.state == state })
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
