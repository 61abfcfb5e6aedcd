/// The classes and folded forms of all scalars, looked up instead of computed for the basic multilingual plane.
struct ScalarTable: Sendable {
    private let classifier = ScalarClassifier()
    /// The class of each scalar below U+10000; surrogates, which are no scalars, count as ignored.
    private let classes: [ScalarClass]
    /// The folded form in UTF-8 of the scalars below U+10000 that have one.
    private let folded: [UInt32: [UInt8]]

    init() {
        var classes: [ScalarClass] = []
        var folded: [UInt32: [UInt8]] = [:]
        classes.reserveCapacity(0x10000)
        for value in UInt32(0)..<0x10000 {
            guard let scalar = Unicode.Scalar(value) else {
                classes.append(.ignored)
                continue
            }
            let (kind, form) = self.classifier.classify(scalar)
            classes.append(kind)
            if !form.isEmpty { folded[value] = Self.encode(form) }
        }
        self.classes = classes
        self.folded = folded
    }

    /// The class of a scalar.
    @inline(__always)
    func kind(of scalar: Unicode.Scalar) -> ScalarClass {
        scalar.value < 0x10000 ? self.classes[Int(scalar.value)] : self.classifier.classify(scalar).class
    }

    /// The folded form in UTF-8 of a scalar of class `folded` or `foldedAlone`.
    func foldedForm(of scalar: Unicode.Scalar) -> [UInt8] {
        scalar.value < 0x10000
            ? self.folded[scalar.value] ?? [] : Self.encode(self.classifier.classify(scalar).folded)
    }

    private static func encode(_ scalars: [Unicode.Scalar]) -> [UInt8] {
        scalars.flatMap { Array(Unicode.UTF8.encode($0) ?? Unicode.UTF8.encodedReplacementCharacter) }
    }
}
