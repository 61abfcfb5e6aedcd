/// The path below which a proxy shows the server: `/corpusd`, or nothing for the root.
struct BasePath {
    /// Begins with a slash and does not end with one; empty for the root.
    let text: String

    init(_ scalar: Node.Scalar) throws(InvalidValue) {
        let parts = scalar.text.split(separator: "/", omittingEmptySubsequences: true)
        let isAllowed = parts.allSatisfy { part in
            part != "." && part != ".."
                && part.unicodeScalars.allSatisfy {
                    $0.isASCII
                        && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
                            || "-_.~".unicodeScalars.contains($0))
                }
        }
        guard scalar.text.hasPrefix("/"), isAllowed, scalar.text.utf8.count <= 200 else {
            throw InvalidValue(
                "must be a path such as '/corpusd' of letters, digits, '-', '_', '.' and '~', "
                    + "not \(scalar.text.quoted)"
            )
        }
        self.text = parts.map { "/\($0)" }.joined()
    }
}
