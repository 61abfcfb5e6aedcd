/// A frame from the server.
enum Frame: Equatable, Sendable {
    case text(String)
    case binary([UInt8])
    case close(UInt16)
    case pong([UInt8])
    case other(UInt8)
}

extension Wire {
    /// The request that asks for a WebSocket.
    static func webSocketRequest(_ query: String) -> String {
        "GET /socket.io/?EIO=4&transport=websocket\(query) HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    }

    /// Turns the connection into a WebSocket and checks the server's answer.
    func upgrade(_ query: String = "") async throws -> HTTPAnswer {
        self.send(Self.webSocketRequest(query))
        return try await self.answer(hasBody: false)
    }

    /// One frame of a client, masked.
    static func frame(_ bytes: [UInt8], opcode: UInt8 = 1, isLast: Bool = true) -> [UInt8] {
        let mask: [UInt8] = [1, 2, 3, 4]
        var frame = [(isLast ? 0x80 : 0) | opcode]
        if bytes.count < 126 {
            frame.append(0x80 | UInt8(bytes.count))
        } else {
            frame += [0x80 | 127] + (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> ((7 - $0) * 8)) }
        }
        return frame + mask + bytes.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    /// Sends a text frame.
    func sendText(_ text: String) { self.send(Self.frame(Array(text.utf8))) }

    /// Waits for a frame.
    func frame() async throws -> Frame {
        try await self.read("a WebSocket frame") { bytes, _ in
            guard bytes.count >= 2 else { return nil }
            var (start, length) = (2, Int(bytes[1]))
            let extra = length == 126 ? 2 : length == 127 ? 8 : 0
            if extra > 0 {
                guard bytes.count >= 2 + extra else { return nil }
                length = bytes[2..<(2 + extra)].reduce(0) { $0 << 8 | Int($1) }
                start += extra
            }
            guard bytes.count >= start + length else { return nil }
            let payload = Array(bytes[start..<(start + length)])
            let opcode = bytes[0] & 0x0F
            bytes.removeFirst(start + length)
            switch opcode {
            case 1: return .text(String(decoding: payload, as: UTF8.self))
            case 2: return .binary(payload)
            case 8: return .close(payload.prefix(2).reduce(0) { $0 << 8 | UInt16($1) })
            case 10: return .pong(payload)
            default: return .other(opcode)
            }
        }
    }

    /// Waits for a text frame.
    func text() async throws -> String {
        guard case .text(let text) = try await self.frame() else { return "" }
        return text
    }
}
