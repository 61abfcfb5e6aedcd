import Ingest

/// How far a pass, a plan or a comparison has got, for whoever waits for it.
package enum PassProgress: Equatable, Sendable {
    /// The store is compared with itself.
    case comparing
    /// The place of a pipeline is looked through.
    case looking(at: String)
    /// Files of a pipeline have been read, of those that are to be.
    case reading(Int, of: Int, in: String)
    case processing(Counts)

    /// What a pass has done so far, in all pipelines together.
    package struct Counts: Equatable, Sendable {
        var done = 0
        var failed = 0
        var waiting = 0
        /// The file that was begun last.
        var name: String?

        init(_ statuses: [PipelineStatus]) {
            for status in statuses {
                self.done += status.totalProcessed
                self.failed += status.totalFailed
                self.waiting += status.queued + status.processing.count
            }
            let active = statuses.flatMap(\.processing)
            self.name = active.max { $0.startedAt < $1.startedAt }?.document.name
        }

        /// Counts from elsewhere than a board.
        package init(done: Int, failed: Int, waiting: Int, name: String?) {
            (self.done, self.failed, self.waiting, self.name) = (done, failed, waiting, name)
        }
    }

    /// One line for a terminal, which nothing in a name can steer.
    package var text: String {
        switch self {
        case .comparing: "comparing the store"
        case .looking(let pipeline): "\(TerminalText.name(pipeline)): looking through its files"
        case .reading(let read, let total, let pipeline):
            "\(TerminalText.name(pipeline)): \(read) of \(total.counted("file")) read"
        case .processing(let counts): Self.text(counts)
        }
    }

    private static func text(_ counts: Counts) -> String {
        var parts = ["\(counts.done.counted("file")) processed"]
        if counts.failed > 0 { parts.append("\(counts.failed) failed") }
        if counts.waiting > 0 { parts.append("\(counts.waiting) to go") }
        let name = counts.name.map { ": \(TerminalText.name($0))" } ?? ""
        return parts.joined(separator: ", ") + name
    }
}
