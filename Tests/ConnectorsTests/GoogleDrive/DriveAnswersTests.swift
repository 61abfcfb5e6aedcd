import Connectors
import Testing

@Suite("Time that a server asks for")
struct RetryAfterTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT.
    private static let now = 784_111_777

    @Test(
        arguments: [
            ("0", .zero), ("120", .seconds(120)), (" 7", .seconds(7)), ("-5", .zero), ("99999999", .seconds(86_400)),
            ("Sun, 06 Nov 1994 08:51:37 GMT", .seconds(120)), ("Sun, 06 Nov 1994 08:49:37 GMT", .zero),
            ("Mon, 07 Nov 1994 08:49:36 GMT", .seconds(86_399)), ("Sat, 05 Nov 1994 08:49:37 GMT", .zero),
            ("Fri, 31 Dec 9999 23:59:59 GMT", .seconds(86_400)),
            (nil, nil), ("", nil), ("soon", nil), ("1.5", nil), ("Sun, 06 Nov 1994 08:51:37 CET", nil),
            ("Sun, 06 Nov 1994 08:51:37 GMT, or so", nil), ("99999999999999999999", nil),
        ] as [(String?, Duration?)])
    func isSecondsOrADate(_ value: String?, _ expected: Duration?) {
        #expect(Duration(retryAfter: value, now: Self.now) == expected)
    }
}

@Suite("Large exports that Drive prepares")
struct PreparationTests {
    @Test func pausesGrowAndEnd() {
        var wait = PreparationWait()
        var pauses: [Duration] = []
        while let pause = wait.next(), pauses.count < 1_000 { pauses.append(pause) }
        #expect(Array(pauses.prefix(7)) == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
        #expect(pauses.count < 30)
        let together = pauses.reduce(Duration.zero, +)
        #expect(together <= PreparationWait.longest && together > PreparationWait.longest - .seconds(60))
        let last = wait.next()
        #expect(last == nil)
    }

    @Test(
        arguments: [
            ("https://docs.google.com/x", nil, .ready(address: "https://docs.google.com/x")),
            ("https://docs.google.com/x", 0, .ready(address: "https://docs.google.com/x")),
            (nil, nil, .failed(code: nil)), (nil, 3, .failed(code: 3)), (nil, 7, .failed(code: 7)),
            (nil, 14, .unfinished), (nil, 8, .unfinished),
        ] as [(String?, Int?, Preparation)])
    func errorsOfAnOperationPassOrStay(_ address: String?, _ code: Int?, _ expected: Preparation) {
        #expect(Preparation(address: address, code: code) == expected)
    }

    @Test(arguments: [
        "https://www.googleapis.com/drive/v3/files/1?alt=media&source=downloadUrl", "https://google.com",
        "https://docs.google.com/feeds/download/documents/export/Export?id=1", "HTTPS://DOCS.GOOGLE.COM:443/x",
        "https://doc-0k-docs.googleusercontent.com/docs/securesc/1", "http://127.0.0.1:8080/prepared/1",
        "http://127.0.0.1:8080",
    ])
    func theTokenIsGivenToGoogleAndTheEndpoint(_ address: String) {
        #expect(TrustedHosts(endpoint: "http://127.0.0.1:8080").contain(address))
    }

    @Test(arguments: [
        "https://example.org/x", "https://google.com.example.org/", "https://notgoogle.com/",
        "https://google.com@evil.org/",
        "http://www.googleapis.com/x", "https://www.googleapis.com:8443/x", "https://127.0.0.1:8080/x",
        "http://127.0.0.1:80801/x", "http://127.0.0.1/x", "http://127.0.0.1:8080@evil.org/", "http://localhost:8080/x",
        "ftp://google.com/x", "//google.com/x", "/prepared/1", "", "https://",
    ])
    func nobodyElseGetsTheToken(_ address: String) {
        #expect(!TrustedHosts(endpoint: "http://127.0.0.1:8080").contain(address))
    }

    @Test func anErrorShowsAHostOrNothing() {
        #expect(TrustedHosts.host(of: "https://user:secret@Example.org:1/path") == "example.org")
        #expect(TrustedHosts.host(of: "https://a%20b/") == nil)
        #expect(TrustedHosts.host(of: "text") == nil)
    }
}
