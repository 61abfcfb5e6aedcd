/// Which chunks a search looks at.
package enum ChunkScope: Equatable, Sendable {
    case everything
    /// Those of the pipelines with these `pipeline_state.id`, of which there are a few.
    case pipelines([Int32])
    /// Those with these ids: ranges in ascending order that do not overlap.
    case chunks([Range<Int64>])
}

extension [Range<Int64>] {
    /// Whether one of these ranges, in ascending order, has a number in it.
    func covers(_ number: Int64) -> Bool {
        var low = self.startIndex
        var high = self.endIndex
        while low < high {
            let middle = (low + high) / 2
            if self[middle].upperBound <= number { low = middle + 1 } else { high = middle }
        }
        return low < self.endIndex && self[low].contains(number)
    }
}
