package import FoundationEssentials
package import Ingest
import SocketIO
import Synchronization

/// The newest events, for those who ask over plain HTTP: `GET /api/events`.
///
/// Keeps what a person would want to read: pipelines that came and went, files that were begun, finished, failed or
/// removed. Bounded; safe from any thread.
package final class EventLog: Sendable {
    /// Events that are kept, at some 500 bytes each.
    package static let capacity = 2_000
    /// Events that change by the second, or that repeat what others say, and are not kept.
    private static let transient: Set<WireEvent.Kind> = [.fileProgress, .statusUpdate, .heartbeat, .pipelineStatus]

    /// One event that was kept.
    package struct Entry: Equatable, Sendable {
        /// Counts from 1 since the start of the daemon, without gaps.
        package let number: Int
        package let event: WireEvent
        package let pipeline: PipelineID
    }

    /// A part of the log.
    package struct Page: Equatable, Sendable {
        /// Oldest first.
        package var entries: [Entry]
        /// Where the next page begins.
        package var next: String
        /// Whether events between the one that was asked for and the first of these are gone.
        package var isIncomplete: Bool
    }

    private struct State {
        var entries: [Entry] = []
        /// Where the ring begins; before it is full, 0.
        var first = 0
        var last = 0
    }

    /// Tells the numbers of this process from those of an earlier one.
    private let epoch: String
    private let state = Mutex(State())

    /// - Parameter startedAt: When the daemon started.
    package init(startedAt: Date) {
        self.epoch = String(Int((startedAt.timeIntervalSince1970 * 1_000).rounded()), radix: 36)
    }

    /// Keeps an event, if it is of a kind that is kept.
    package func append(_ event: WireEvent, of pipeline: Pipeline) {
        guard !Self.transient.contains(event.kind) else { return }
        self.state.withLock { state in
            state.last += 1
            let entry = Entry(number: state.last, event: event, pipeline: pipeline.id)
            if state.entries.count < Self.capacity {
                state.entries.append(entry)
            } else {
                state.entries[state.first] = entry
                state.first = (state.first + 1) % Self.capacity
            }
        }
    }

    /// The events behind a place in the log.
    ///
    /// - Parameters:
    ///   - cursor: `Page.next` of an earlier answer; nil for the newest events.
    ///   - limit: How many at most, 1 or more.
    ///   - isWanted: Which of them.
    /// - Returns: Nil for a cursor that this daemon never gave out.
    package func page(after cursor: String?, limit: Int, where isWanted: (Entry) -> Bool) -> Page? {
        var since: Int?
        var isOfEarlierProcess = false
        if let cursor {
            let parts = cursor.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, let number = Int(parts[1]), number >= 0 else { return nil }
            isOfEarlierProcess = parts[0] != self.epoch
            since = isOfEarlierProcess ? 0 : number
        }
        return self.state.withLock { state in
            if let since, since > state.last { return nil }
            let all = state.entries[state.first...] + state.entries[..<state.first]
            let later = all.filter { $0.number > since ?? 0 && isWanted($0) }
            let entries = since == nil ? later.suffix(limit) : later.prefix(limit)
            let isCut = since != nil && later.count > limit
            let next = isCut ? entries.last?.number ?? state.last : state.last
            let oldest = all.first?.number ?? 1
            return Page(
                entries: Array(entries),
                next: "\(self.epoch)-\(next)",
                isIncomplete: isOfEarlierProcess || (since.map { $0 + 1 < oldest } ?? false)
            )
        }
    }
}
