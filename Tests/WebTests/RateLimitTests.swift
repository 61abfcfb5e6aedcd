import EngineIO
import SocketIO
import Testing
import Web

/// What a client may send in a time, and all at once.
@Suite("Rate limits")
struct RateLimitTests {
    @Test func clientThatSendsTooFastIsPutOut() async throws {
        let configuration = SocketConfiguration(packetRate: RateLimit(perSecond: 5, burst: 5))
        try await TestServer.run(configuration: configuration) { server in
            let fast = try await server.openWebSocket()
            let slow = try await server.openWebSocket()
            for _ in 0..<20 { fast.sendText("42[\"x\"]") }
            #expect(try await fast.frame() == .close(1008))
            try await server.until { $0.sessionsClosed == [.rateLimited: 1] }
            server.sockets.emit("a", namespace: "/")
            #expect(try await slow.text() == "42[\"a\"]")
        }
    }

    @Test func clientThatSendsTooManyBytesIsPutOut() async throws {
        let configuration = SocketConfiguration(byteRate: RateLimit(perSecond: 1_000, burst: 1_000))
        try await TestServer.run(configuration: configuration) { server in
            let sid = try await server.openPolling()
            let wire = try await server.connect()
            let body = "42[\"" + String(repeating: "x", count: 2_000) + "\"]"
            let answer = try await wire.request(
                "POST", "/socket.io/?EIO=4&transport=polling&sid=\(sid)", body: "4" + body)
            #expect(answer.status == 400)
            try await server.until { $0.sessionsClosed == [.rateLimited: 1] }
        }
    }

    /// Frames that are no message take work, too.
    @Test(arguments: [
        Wire.frame([], opcode: 9), Wire.frame([], opcode: 10), Wire.frame(Array("3".utf8)),
        Wire.frame(Array("6".utf8)),
    ])
    func controlFramesCountAgainstTheRate(_ frame: [UInt8]) async throws {
        let configuration = SocketConfiguration(packetRate: RateLimit(perSecond: 5, burst: 5))
        try await TestServer.run(configuration: configuration) { server in
            let wire = try await server.openWebSocket()
            for _ in 0..<20 { wire.send(frame) }
            try await server.until { $0.sessionsClosed == [.rateLimited: 1] }
            try await wire.waitUntilClosed()
        }
    }

    @Test func partsOfAMessageCountAgainstTheRate() async throws {
        let configuration = SocketConfiguration(packetRate: RateLimit(perSecond: 5, burst: 5))
        try await TestServer.run(configuration: configuration) { server in
            let wire = try await server.openWebSocket()
            wire.send(Wire.frame(Array("42[\"x".utf8), isLast: false))
            for _ in 0..<20 { wire.send(Wire.frame([0x78], opcode: 0, isLast: false)) }
            try await server.until { $0.sessionsClosed == [.rateLimited: 1] }
        }
    }

    @Test func bytesOfControlFramesCountAgainstTheRate() async throws {
        let configuration = SocketConfiguration(byteRate: RateLimit(perSecond: 1_000, burst: 1_000))
        try await TestServer.run(configuration: configuration) { server in
            let wire = try await server.openWebSocket()
            for _ in 0..<20 { wire.send(Wire.frame(Array(repeating: 0, count: 125), opcode: 9)) }
            try await server.until { $0.sessionsClosed == [.rateLimited: 1] }
        }
    }

    /// Packets of the protocol's own, and what stands between packets.
    @Test(arguments: [
        (RateLimit(perSecond: 5, burst: 50), Array(repeating: "6", count: 60)),
        (RateLimit(perSecond: 5, burst: 50), Array(repeating: "3", count: 60)),
    ])
    func packetsOfAPostCountAgainstTheRate(rate: RateLimit, packets: [String]) async throws {
        try await TestServer.run(configuration: SocketConfiguration(packetRate: rate)) { server in
            let target = "/socket.io/?EIO=4&transport=polling&sid=\(try await server.openPolling())"
            let wire = try await server.connect()
            let few = try await wire.request("POST", target, body: packets.prefix(10).joined(separator: "\u{1E}"))
            #expect(few.body == "ok")
            let many = try await wire.request("POST", target, body: packets.joined(separator: "\u{1E}"))
            #expect(many.status == 400)
            try await server.until { $0.sessionsClosed == [.rateLimited: 1] }
        }
    }

    @Test func allBytesOfAPostCountAgainstTheRateAndOnce() async throws {
        let configuration = SocketConfiguration(byteRate: RateLimit(perSecond: 1, burst: 100))
        try await TestServer.run(configuration: configuration) { server in
            let target = "/socket.io/?EIO=4&transport=polling&sid=\(try await server.openPolling())"
            let wire = try await server.connect()
            _ = try await wire.request("POST", target, body: "40")
            // 60 bytes of 98: counted twice they would be too many.
            let event = "42[\"x\"]"
            let body = Array(repeating: event, count: 7).joined(separator: "\u{1E}")
            #expect(try await wire.request("POST", target, body: body).body == "ok")
            #expect(try await wire.request("POST", target, body: body).status == 400)
            try await server.until { $0.sessionsClosed == [.rateLimited: 1] }
        }
    }

    @Test func attachmentsOfAPacketTogetherAreNoMoreThanAPayload() async throws {
        let configuration = SocketConfiguration(session: SessionLimits(maxPayload: 1_000))
        try await TestServer.run(configuration: configuration) { server in
            let placeholders = (0..<2).map { "{\"_placeholder\":true,\"num\":\($0)}" }.joined(separator: ",")
            func send(size: Int, on wire: Wire) {
                wire.sendText("452-[\"x\",\(placeholders)]")
                for _ in 0..<2 { wire.send(Wire.frame(Array(repeating: 1, count: size), opcode: 2)) }
            }
            let fitting = try await server.openWebSocket()
            send(size: 500, on: fitting)
            fitting.sendText("41")
            try await server.until { $0.disconnects[.clientNamespaceDisconnect] == 1 }
            let large = try await server.openWebSocket()
            send(size: 501, on: large)
            #expect(try await large.frame() == .close(1008))
        }
    }

    @Test func attachmentThatNeverComesEndsItsSession() async throws {
        var configuration = SocketConfiguration()
        configuration.packets.attachmentTimeout = .milliseconds(100)
        try await TestServer.run(configuration: configuration) { server in
            let wire = try await server.openWebSocket()
            wire.sendText(#"451-["x",{"_placeholder":true,"num":0}]"#)
            #expect(try await wire.frame() == .close(1008))
            try await server.until { $0.sessionsClosed == [.malformedPacket: 1] }
        }
    }
}
