/// Says how much of a chunk a text takes up.
struct TokenMeter {
    /// The most that fits in a chunk.
    let size: Int
    let countTokens: (Substring) -> Int

    /// The tokens of a text, or more where it is extraordinarily long for them; 1 or more.
    func weight(of text: Substring) -> Int {
        max(1, self.bytesWeight(of: text), self.countTokens(text))
    }

    /// The weight of a text that fits in a chunk, nil for others; very long ones are not even counted.
    func weightThatFits(_ text: Substring) -> Int? {
        guard self.bytesWeight(of: text) <= self.size else { return nil }
        let weight = self.weight(of: text)
        return weight <= self.size ? weight : nil
    }

    private func bytesWeight(of text: Substring) -> Int {
        let unit = Chunker.Limits.bytesPerToken
        return (text.utf8.count + unit - 1) / unit
    }
}
