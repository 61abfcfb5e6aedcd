/// What a pass over one pipeline would do.
package struct ScanPlan: Equatable, Sendable {
    /// Files that the ledger does not know.
    package var new = 0
    /// Known files with other content.
    package var changed = 0
    /// Known files elsewhere or under another name, with the content that they had.
    package var moved = 0
    /// Known files that were touched and have the content that they had.
    package var unchanged = 0
    /// Files that failed, have not changed, and whose next attempt is due.
    package var retried = 0
    /// Files that are gone and whose documents would be removed.
    package var removed = 0
    /// Files that are gone, so many at once that a person would have to decide.
    package var held = 0
    /// Files that were on hold and are back.
    package var returned = 0
    /// Of the new, changed and retried files: those without anything to extract.
    package var skipped = 0
    /// Of the new, changed and retried files: those that would fail.
    package var failing = 0
    /// Bytes to read of the new, changed and retried files.
    package var bytes = 0
    /// Passages that would be stored.
    package var chunks = 0
    /// Passages of which no vector is stored yet.
    package var chunksToEmbed = 0
    /// Tokens of those.
    package var tokensToEmbed = 0
    /// Why the place, or a part of it, could not be read.
    package var problem: String?

    package init() {}

    /// Whether a pass would change nothing.
    package var isEmpty: Bool {
        self.new + self.changed + self.moved + self.unchanged + self.retried + self.removed + self.held + self.returned
            == 0
    }

    mutating func add(_ file: PlannedFile) {
        switch file.reason {
        case .new: self.new += 1
        case .changed: self.changed += 1
        case .moved: self.moved += 1
        case .unchanged: self.unchanged += 1
        case .retried: self.retried += 1
        }
        switch file.outcome {
        case .nothing: return
        case .skipped: self.skipped += 1
        case .failing: self.failing += 1
        case .stored(let chunks, let chunksToEmbed, let tokensToEmbed):
            self.chunks += chunks
            self.chunksToEmbed += chunksToEmbed
            self.tokensToEmbed += tokensToEmbed
        }
        self.bytes += file.bytes
    }
}

/// What a pass would do with one file.
struct PlannedFile: Equatable, Sendable {
    enum Reason: Equatable, Sendable {
        case new, changed, moved, unchanged, retried
    }

    enum Outcome: Equatable, Sendable {
        /// At most its place is recorded.
        case nothing
        case skipped
        case failing
        case stored(chunks: Int, chunksToEmbed: Int, tokensToEmbed: Int)
    }

    var reason: Reason
    var outcome: Outcome
    var bytes: Int
}
