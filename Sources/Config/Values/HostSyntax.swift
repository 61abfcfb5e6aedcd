import Glibc

/// Tells a host that can exist from one that cannot, without asking the network.
enum HostSyntax {
    /// An address such as `127.0.0.1`, or a name such as `search.example.org`.
    static func isIPv4OrName(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, labels.allSatisfy(Self.isLabel) else { return false }
        // A last label of digits makes it an address, never a name.
        guard labels.last?.allSatisfy(\.isNumber) == true else { return true }
        var address = in_addr()
        return inet_pton(AF_INET, text, &address) == 1
    }

    /// An address such as `::1`, without brackets.
    static func isIPv6(_ text: String) -> Bool {
        var address = in6_addr()
        return !text.unicodeScalars.contains("\0") && inet_pton(AF_INET6, text, &address) == 1
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    }
}
