/// Merges rankings whose scores cannot be compared, by rank alone.
///
/// An item's score is the sum of `1 / (k + rank)` over the rankings it is in, ranks from 1. Source: Cormack, Clarke and
/// Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods", SIGIR 2009.
package struct ReciprocalRankFusion: Sendable {
    /// How little the first ranks stand out; 60 is what the paper found good on all its collections.
    package var k: Double

    package init(k: Double = 60) { self.k = k }

    /// The items of all rankings, best first.
    ///
    /// - Parameters:
    ///   - rankings: Best first. Of an item that is in one ranking twice the better place counts.
    ///   - limit: How many at most.
    /// - Returns: Of equal scores, the item that an earlier ranking has first.
    package func fuse<Item: Hashable>(_ rankings: [[Item]], limit: Int) -> [(item: Item, score: Double)] {
        var scores: [Item: Double] = [:]
        var order: [Item] = []
        for ranking in rankings {
            var seen: Set<Item> = []
            for (index, item) in ranking.enumerated() where seen.insert(item).inserted {
                if scores[item] == nil { order.append(item) }
                scores[item, default: 0] += 1 / (self.k + Double(index + 1))
            }
        }
        let fused = order.enumerated().map { (place: $0.offset, item: $0.element, score: scores[$0.element] ?? 0) }
        return fused.sorted { ($1.score, $0.place) < ($0.score, $1.place) }
            .prefix(max(0, limit))
            .map { (item: $0.item, score: $0.score) }
    }
}
