import Glibc
package import NIOHTTP1

/// The proxies whose word is taken for the address of a client.
///
/// `X-Forwarded-For` is a list to which each proxy adds the address it was asked from; what is left of the first
/// address that is no trusted proxy's may be made up. RFC 7239's `Forwarded` is not read: the proxies that this server
/// is documented with do not write it unless told to.
package struct TrustedProxies: Equatable, Sendable {
    /// Addresses that begin with the same bits.
    package struct Block: Equatable, Sendable {
        let bytes: [UInt8]
        let prefixLength: Int

        /// - Parameters:
        ///   - bytes: 4 or 16, in network order.
        ///   - prefixLength: How many leading bits count.
        package init(bytes: [UInt8], prefixLength: Int) {
            self.bytes = bytes
            self.prefixLength = prefixLength
        }

        func contains(_ address: [UInt8]) -> Bool {
            guard address.count == self.bytes.count else { return false }
            return zip(address, self.bytes).enumerated().allSatisfy { index, pair in
                let bits = min(max(self.prefixLength - index * 8, 0), 8)
                let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
                return pair.0 & mask == pair.1 & mask
            }
        }
    }

    /// Headers by which a proxy says that it speaks for somebody else.
    private static let headers = ["x-forwarded-for", "forwarded", "x-real-ip", "via"]

    private let blocks: [Block]

    package init(_ blocks: [Block] = []) { self.blocks = blocks }

    /// Whether a request says that it came by way of a proxy.
    ///
    /// - Parameter hasHeader: Whether the request has a header of a name, in any case.
    /// - Returns: True for a header of any proxy, be it trusted or not.
    package static func isForwarded(_ hasHeader: (_ name: String) -> Bool) -> Bool {
        Self.headers.contains(where: hasHeader)
    }

    /// The address of the client that a request is from.
    ///
    /// - Parameters:
    ///   - headers: The request's.
    ///   - peer: Whom the connection is with.
    /// - Returns: The peer, unless that is a trusted proxy which names somebody else.
    package func client(_ headers: HTTPHeaders, peer: String) -> String {
        guard self.trusts(peer) else { return peer }
        let hops = headers[canonicalForm: "x-forwarded-for"].map(Self.address)
        guard let client = hops.last(where: { !self.trusts($0) }) ?? hops.first else { return peer }
        return Self.bytes(of: client) == nil ? peer : client
    }

    /// Whether an address is that of a trusted proxy.
    func trusts(_ address: String) -> Bool {
        guard !self.blocks.isEmpty, let bytes = Self.bytes(of: address) else { return false }
        return self.blocks.contains { $0.contains(bytes) }
    }

    /// An address as it stands in the header: maybe with a port, maybe in brackets.
    private static func address(_ hop: Substring) -> String {
        if hop.hasPrefix("[") { return String(hop.dropFirst().prefix { $0 != "]" }) }
        let colons = hop.utf8.count { $0 == UInt8(ascii: ":") }
        return String(colons == 1 ? hop.prefix { $0 != ":" } : hop)
    }

    /// Four bytes for IPv4, also in IPv6's clothes.
    private static func bytes(of address: String) -> [UInt8]? {
        guard !address.utf8.contains(0) else { return nil }
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, address, &four) == 1 { return four }
        var sixteen = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, address, &sixteen) == 1 else { return nil }
        let isMapped = sixteen.prefix(10).allSatisfy { $0 == 0 } && sixteen[10...11].allSatisfy { $0 == 0xFF }
        return isMapped ? Array(sixteen.suffix(4)) : sixteen
    }
}
