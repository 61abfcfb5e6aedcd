import EngineIO
import SeededRandom
import Testing

@Suite("Requests to the endpoint")
struct EndpointRequestTests {
    private static let sid = "AAAAAAAAAAAAAAAAAAAAAA"

    struct Case: CustomTestStringConvertible {
        let method: String
        let query: String
        var isWebSocket = false
        let expected: RequestError?
        var testDescription: String { "\(self.method) ?\(self.query)" }
    }

    @Test(arguments: [
        Case(method: "GET", query: "EIO=4&transport=polling", expected: nil),
        Case(method: "GET", query: "EIO=4&transport=websocket", isWebSocket: true, expected: nil),
        Case(method: "GET", query: "EIO=4", expected: .unknownTransport),
        Case(method: "GET", query: "EIO=4&transport=abc", expected: .unknownTransport),
        Case(method: "GET", query: "transport=polling", expected: .unsupportedVersion),
        Case(method: "GET", query: "EIO=3&transport=polling", expected: .unsupportedVersion),
        Case(method: "GET", query: "EIO=abc&transport=polling", expected: .unsupportedVersion),
        Case(method: "POST", query: "EIO=4&transport=polling", expected: .badHandshakeMethod),
        Case(method: "PUT", query: "EIO=4&transport=polling", expected: .badHandshakeMethod),
        Case(method: "GET", query: "EIO=4&transport=websocket", expected: .badRequest),
        Case(method: "GET", query: "EIO=4&transport=polling", isWebSocket: true, expected: .badRequest),
        Case(method: "GET", query: "EIO=3&transport=polling&sid=\(sid)", expected: .unsupportedVersion),
        Case(method: "GET", query: "EIO=4&transport=polling&sid=zzz", expected: .unknownSession),
        Case(method: "GET", query: "EIO=4&transport=polling&sid=\(sid)", expected: nil),
        Case(method: "POST", query: "EIO=4&transport=polling&sid=\(sid)", expected: nil),
        Case(method: "DELETE", query: "EIO=4&transport=polling&sid=\(sid)", expected: .badRequest),
        Case(method: "POST", query: "EIO=4&transport=websocket&sid=\(sid)", expected: .badRequest),
        Case(method: "GET", query: "EIO=4&transport=websocket&sid=\(sid)", isWebSocket: true, expected: nil),
    ])
    func areCheckedInTheOrderOfTheReference(_ example: Case) {
        var refusal: RequestError?
        do throws(RequestError) {
            _ = try EndpointRequest(
                method: example.method, query: QueryString.parse(example.query), isWebSocket: example.isWebSocket)
        } catch {
            refusal = error
        }
        #expect(refusal == example.expected)
    }

    @Test func versionThreeIsSpokenWhereItIsAllowedAndAskedForByName() throws {
        func request(_ query: String, isWebSocket: Bool = false) throws(RequestError) -> EndpointRequest {
            try EndpointRequest(
                method: "GET", query: QueryString.parse(query), isWebSocket: isWebSocket, allowsVersion3: true)
        }
        let sid = try #require(Identifier(Self.sid))
        #expect(try request("EIO=3&transport=polling") == .handshake(.polling, .v3))
        #expect(try request("EIO=3&transport=websocket", isWebSocket: true) == .handshake(.webSocket, .v3))
        #expect(try request("EIO=4&transport=polling") == .handshake(.polling, .v4))
        #expect(try request("EIO=3&transport=polling&sid=\(Self.sid)") == .poll(sid))
        #expect(try request("transport=polling&sid=\(Self.sid)") == .poll(sid))
        for query in ["transport=polling", "EIO=abc&transport=polling", "EIO=2&transport=polling&sid=\(Self.sid)"] {
            #expect(throws: RequestError.unsupportedVersion) { try request(query) }
        }
    }

    @Test(arguments: [
        (RequestError.unknownTransport, 400, #"{"code":0,"message":"Transport unknown"}"#),
        (.unknownSession, 400, #"{"code":1,"message":"Session ID unknown"}"#),
        (.badHandshakeMethod, 400, #"{"code":2,"message":"Bad handshake method"}"#),
        (.badRequest, 400, #"{"code":3,"message":"Bad request"}"#),
        (.forbidden, 403, #"{"code":4,"message":"Forbidden"}"#),
        (.unsupportedVersion, 400, #"{"code":5,"message":"Unsupported protocol version"}"#),
    ])
    func refusalsReadAsTheReferences(_ error: RequestError, _ status: Int, _ body: String) {
        #expect(error.status == status)
        #expect(error.json == body)
    }

    @Test(
        arguments: [
            ("", [:]), ("a=1&b=2", ["a": "1", "b": "2"]), ("a", ["a": ""]), ("a=1&a=2", ["a": "2"]),
            ("a=%41%20b+c", ["a": "A b c"]), ("a=%4", ["a": nil]), ("%zz=1", [:]), ("&&a=b=c&", ["a": "b=c"]),
        ] as [(String, [String: String?])])
    func queriesAreDecoded(_ text: String, _ expected: [String: String?]) {
        #expect(QueryString.parse(text) == expected.compactMapValues { $0 })
    }

    @Test func openPacketHasExactlyFiveMembers() {
        var generator = SplitMix64(seed: 7)
        let sid = Identifier(shard: 0, using: &generator)
        let limits = SessionLimits(pingInterval: .milliseconds(300), pingTimeout: .milliseconds(200), maxPayload: 1_000)
        #expect(
            OpenPacket(sid: sid, transport: .polling, limits: limits).text
                == #"0{"sid":"\#(sid.text)","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"#
                + #""maxPayload":1000}"#)
        #expect(OpenPacket(sid: sid, transport: .webSocket, limits: limits).text.contains(#""upgrades":[]"#))
    }
}
