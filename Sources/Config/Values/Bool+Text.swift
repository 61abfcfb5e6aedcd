extension Bool {
    /// The truth value that a scalar without quotes stands for.
    ///
    /// YAML 1.1 has 22 words for two values; here there are two.
    init(_ scalar: Node.Scalar) throws(InvalidValue) {
        switch (scalar.text, scalar.isPlain) {
        case ("true", true): self = true
        case ("false", true): self = false
        case ("true", false), ("false", false):
            throw InvalidValue("must be true or false, not a text: remove the quotes around \(scalar.text.quoted)")
        default: throw InvalidValue("must be true or false, not \(scalar.text.quoted)")
        }
    }
}
