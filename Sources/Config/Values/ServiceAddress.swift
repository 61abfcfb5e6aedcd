/// Where a service of others answers: `https://api.example.org/v1`.
struct ServiceAddress {
    /// Without a slash at its end.
    let text: String

    init(_ scalar: Node.Scalar) throws(InvalidValue) {
        let parts = scalar.text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, ["http", "https"].contains(parts[0].lowercased()) else {
            throw Self.invalid(scalar)
        }
        let authority = parts[1].prefix { $0 != "/" }
        let path = parts[1].dropFirst(authority.count).split(separator: "/")
        guard Origin.hostAndPort(String(authority)) != nil, path.allSatisfy(Self.isSegment),
            scalar.text.utf8.count <= 1_000
        else { throw Self.invalid(scalar) }
        self.text = "\(parts[0].lowercased())://\(authority)" + path.map { "/\($0)" }.joined()
    }

    private static func isSegment(_ segment: Substring) -> Bool {
        segment != "." && segment != ".."
            && segment.unicodeScalars.allSatisfy {
                $0.isASCII
                    && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_.~:@".unicodeScalars.contains($0))
            }
    }

    /// What was written is not repeated: people paste addresses with a key in them.
    private static func invalid(_ scalar: Node.Scalar) -> InvalidValue {
        InvalidValue(
            "must be an address such as 'https://api.openai.com/v1' or 'http://localhost:11434/v1', without a user, "
                + "a query or a key in it"
        )
    }
}
