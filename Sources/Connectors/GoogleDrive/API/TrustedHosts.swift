import FoundationEssentials

/// Which addresses that an answer names may be given the access token.
///
/// Google's over TLS, and what is at the configured endpoint itself. Others are not asked without a token either: a page
/// that wants a login would be taken for the document.
package struct TrustedHosts: Sendable {
    /// With all names below them: `www.googleapis.com` and `docs.google.com` are what Drive names, and these redirect to
    /// `…googleusercontent.com`.
    private static let google = ["google.com", "googleapis.com", "googleusercontent.com"]

    private struct Origin: Equatable, Sendable {
        var scheme: String
        var host: String
        var port: Int

        init?(_ address: String) {
            guard let url = URL(string: address), let scheme = url.scheme?.lowercased(),
                let host = url.host()?.lowercased(), scheme == "https" || scheme == "http"
            else { return nil }
            self.scheme = scheme
            self.host = host
            self.port = url.port ?? (scheme == "https" ? 443 : 80)
        }
    }

    private let endpoint: Origin?

    /// - Parameter endpoint: The configured one, such as `https://www.googleapis.com`.
    package init(endpoint: String) { self.endpoint = Origin(endpoint) }

    package func contain(_ address: String) -> Bool {
        guard let origin = Origin(address) else { return false }
        if origin == self.endpoint { return true }
        return origin.scheme == "https" && origin.port == 443
            && Self.google.contains { origin.host == $0 || origin.host.hasSuffix(".\($0)") }
    }

    /// The host of an address as an error may show it; nil if it is none.
    package static func host(of address: String) -> String? {
        guard let host = Origin(address)?.host, host.utf8.count <= 253 else { return nil }
        let isPlain = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "."), UInt8(ascii: ":"):
                true
            default: false
            }
        }
        return isPlain ? host : nil
    }
}
