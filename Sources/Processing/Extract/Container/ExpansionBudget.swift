/// How much a packed document may become, counted over all that is unpacked of it.
///
/// Office documents pack to a tenth, sparse sheets to a fiftieth. What goes far beyond is made to fill memory or time.
package struct ExpansionBudget: Equatable {
    /// Bytes that any document may become, however small it is packed.
    package static let floor = 64 << 20
    /// How many times its packed size a large one may become.
    package static let ratio = 200
    /// Bytes that none may exceed.
    package static let ceiling = 4 << 30

    package private(set) var remaining: Int

    /// - Parameter packedBytes: The size of the file.
    package init(packedBytes: Int) {
        let (product, overflow) = packedBytes.multipliedReportingOverflow(by: Self.ratio)
        self.remaining = min(max(Self.floor, overflow ? Self.ceiling : product), Self.ceiling)
    }

    /// - Throws: `.expandsTooMuch`.
    package mutating func spend(_ bytes: Int) throws(PackageError) {
        self.remaining -= bytes
        guard self.remaining >= 0 else { throw .expandsTooMuch }
    }
}
