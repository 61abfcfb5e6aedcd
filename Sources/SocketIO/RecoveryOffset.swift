/// Where an event stands in the recovery log: `<epoch>-<sequence>`, as its client keeps and repeats it.
///
/// The sequence finds the event at once. The epoch is another each time a process starts, so that a number given out
/// by one that died with it does not mean something else to the next.
package struct RecoveryOffset: Hashable, Sendable, CustomStringConvertible {
    /// Epochs are random and below this: so many that two never meet, so few that their text stays short.
    static let epochs: Range<UInt64> = 0..<1 << 48

    /// Longer than any text of an offset.
    private static let textLimit = 40
    private static let radix = 36

    let epoch: UInt64
    let sequence: Int

    init(epoch: UInt64, sequence: Int) {
        self.epoch = epoch
        self.sequence = sequence
    }

    /// Reads the text of an offset; nil where it is none that was ever written.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.textLimit else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let epoch = UInt64(parts[0], radix: Self.radix), let sequence = Int(parts[1]),
            sequence > 0
        else { return nil }
        self.init(epoch: epoch, sequence: sequence)
        guard self.description == text else { return nil }
    }

    /// Lower-case letters, digits and one dash: JSON needs no escapes for it.
    package var description: String { "\(String(self.epoch, radix: Self.radix))-\(self.sequence)" }
}
