import NIOHTTP1
import Testing
import Web

@Suite("Whose word is taken for a client's address")
struct TrustedProxiesTests {
    /// 127.0.0.1, 10.0.0.0/8, 192.0.2.128/25 and fd00::/8.
    private static let trusted = TrustedProxies([
        TrustedProxies.Block(bytes: [127, 0, 0, 1], prefixLength: 32),
        TrustedProxies.Block(bytes: [10, 0, 0, 0], prefixLength: 8),
        TrustedProxies.Block(bytes: [192, 0, 2, 128], prefixLength: 25),
        TrustedProxies.Block(bytes: [0xFD] + [UInt8](repeating: 0, count: 15), prefixLength: 8),
    ])

    /// Whom the connection is with, the headers `X-Forwarded-For`, and whose request it is.
    static let requests: [(peer: String, forwarded: [String], client: String)] = [
        // Nobody is named.
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", [""], "127.0.0.1"),
        // One that is no trusted proxy may say what it likes.
        ("198.51.100.7", ["203.0.113.9"], "198.51.100.7"),
        ("192.0.2.127", ["203.0.113.9"], "192.0.2.127"),
        ("127.0.0.2", ["203.0.113.9"], "127.0.0.2"),
        ("2001:db8::1", ["203.0.113.9"], "2001:db8::1"),
        ("", ["203.0.113.9"], ""),
        // A trusted one is believed.
        ("127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("192.0.2.128", ["203.0.113.9"], "203.0.113.9"),
        ("::ffff:127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("fd00::5", ["2001:db8::9"], "2001:db8::9"),
        // What stands left of the first address that is nobody's we trust is made up.
        ("127.0.0.1", ["127.0.0.1, 203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["8.8.8.8, 203.0.113.9, 10.1.2.3"], "203.0.113.9"),
        ("127.0.0.1", ["8.8.8.8", "203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["8.8.8.8", "203.0.113.9 , 10.1.2.3", "fd12::1"], "203.0.113.9"),
        // All of them are ours: the first is who asked.
        ("127.0.0.1", ["10.9.9.9, 10.1.2.3"], "10.9.9.9"),
        // Ports and brackets.
        ("127.0.0.1", ["203.0.113.9:4711"], "203.0.113.9"),
        ("127.0.0.1", ["[2001:db8::9]:4711"], "2001:db8::9"),
        ("127.0.0.1", ["[2001:db8::9]"], "2001:db8::9"),
        ("127.0.0.1", ["203.0.113.9, 10.1.2.3:80"], "203.0.113.9"),
        ("127.0.0.1", ["203.0.113.9, [fd00::1]:80"], "203.0.113.9"),
        // What is no address stands for nobody; whoever sent it counts as the proxy.
        ("127.0.0.1", ["unknown"], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9, unknown"], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9, 300.1.1.1"], "127.0.0.1"),
        ("127.0.0.1", ["unknown, 203.0.113.9"], "203.0.113.9"),
    ]

    @Test(arguments: Self.requests)
    func theClientIsTheLastThatNoTrustedProxyIs(peer: String, forwarded: [String], client: String) {
        let headers = HTTPHeaders(forwarded.map { ("X-Forwarded-For", $0) })
        #expect(Self.trusted.client(headers, peer: peer) == client)
    }

    @Test func withoutTrustedProxiesThePeerIsTheClient() {
        let headers = HTTPHeaders([("X-Forwarded-For", "203.0.113.9")])
        #expect(TrustedProxies().client(headers, peer: "127.0.0.1") == "127.0.0.1")
    }

    @Test(arguments: ["X-Forwarded-For", "forwarded", "X-Real-IP", "Via"])
    func aRequestWithAHeaderOfAnyProxyIsForwarded(name: String) {
        let headers = HTTPHeaders([(name, "x")])
        #expect(TrustedProxies.isForwarded { headers.contains(name: $0) })
        #expect(!TrustedProxies.isForwarded { HTTPHeaders([("Host", "x")]).contains(name: $0) })
    }
}
