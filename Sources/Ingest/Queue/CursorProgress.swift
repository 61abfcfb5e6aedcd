import DequeModule

/// Which cursor of a pipeline may be committed: the last one before which every change has been dealt with.
///
/// A source offers changes and then says which cursor covers them; documents are worked on side by side and end in any
/// order. A document that ends without a trace in the store holds back its cursor and all later ones: the next start
/// reads the same changes again.
package struct CursorProgress: Sendable {
    private struct Offer: Sendable {
        var change: Change
        var section: Int
    }

    /// The changes between two cursors are a section; counted from 0.
    private var section = 0
    private var offers: [DocumentID: [Offer]] = [:]
    /// The sections of the changes that are being worked on.
    private var inHand: [DocumentID: [Int]] = [:]
    /// How many changes of a section are not dealt with.
    private var open: [Int: Int] = [:]
    private var cursors: Deque<(section: Int, cursor: String)> = []

    package init() {}

    /// A change is about to be queued.
    package mutating func offer(_ change: Change) {
        self.offers[change.document, default: []].append(Offer(change: change, section: self.section))
        self.open[self.section, default: 0] += 1
    }

    /// Everything that was offered so far is covered by a cursor.
    ///
    /// - Returns: The cursor to commit now; nil while changes before it are open.
    package mutating func advance(to cursor: String) -> String? {
        self.cursors.append((self.section, cursor))
        self.section += 1
        return self.takeCommittable()
    }

    /// A worker took a change; with it those of the same document that it replaced in the queue.
    package mutating func take(_ change: Change) {
        let id = change.document
        guard var offers = self.offers[id], let last = offers.lastIndex(where: { $0.change == change }) else { return }
        self.inHand[id, default: []] += offers[...last].map(\.section)
        offers.removeSubrange(...last)
        self.offers[id] = offers.isEmpty ? nil : offers
    }

    /// The cursor that storing this document completes: to be committed in the same transaction.
    package func completed(by id: DocumentID) -> String? {
        guard let sections = self.inHand[id] else { return nil }
        var open = self.open
        for section in sections { open[section, default: 0] -= 1 }
        return self.lastCommittable(open)?.cursor
    }

    /// The worker is done with a document.
    ///
    /// - Parameters:
    ///   - id: The document.
    ///   - isDurable: Whether the store tells what came of it.
    ///   - committed: The cursor that went with it, if one did.
    /// - Returns: The cursor to commit now, if there is one that was not committed with the document.
    package mutating func finish(_ id: DocumentID, isDurable: Bool, committed: String?) -> String? {
        let sections = self.inHand.removeValue(forKey: id) ?? []
        guard isDurable else { return nil }
        for section in sections {
            let count = self.open[section, default: 0] - 1
            self.open[section] = count > 0 ? count : nil
        }
        let cursor = self.takeCommittable()
        return cursor == committed ? nil : cursor
    }

    private mutating func takeCommittable() -> String? {
        guard let last = self.lastCommittable(self.open) else { return nil }
        while let first = self.cursors.first, first.section <= last.section { self.cursors.removeFirst() }
        return last.cursor
    }

    private func lastCommittable(_ open: [Int: Int]) -> (section: Int, cursor: String)? {
        let firstOpen = open.lazy.filter { $0.value > 0 }.map(\.key).min() ?? .max
        return self.cursors.last { $0.section < firstOpen }
    }
}
