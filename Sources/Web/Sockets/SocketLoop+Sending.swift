import EngineIO
import NIOCore
import SocketIO

/// A write to a WebSocket of another event loop.
struct DistantWrite: Sendable {
    let link: WebSocketLink
    let frames: ByteBuffer
    let packets: Int
}

/// How messages get to clients: placed one by one, written once a batch.
extension SocketLoop {
    /// Sends a message to one session; it goes out at the end of the batch.
    func send(_ message: WireMessage, to client: ClientSession) {
        self.outgoing.begin(message)
        self.place(message, to: client)
    }

    /// Sends a message to sockets of a namespace.
    ///
    /// - Parameters:
    ///   - message: Encoded once for all of them.
    ///   - recipients: Which of them.
    ///   - except: Which of those not.
    ///   - members: The namespace's.
    func broadcast(
        _ message: WireMessage,
        to recipients: Recipients,
        except: [SocketID],
        in members: NamespaceMembers
    ) {
        self.outgoing.begin(message)
        switch recipients {
        case .everyone where except.isEmpty:
            for member in members.list { self.place(message, to: member.client) }
        case .everyone:
            for member in members.list where !except.contains(member.id) { self.place(message, to: member.client) }
        case .rooms(let rooms):
            for id in members.rooms.members(ofAny: rooms) where !except.contains(id) {
                if let member = members[id] { self.place(message, to: member.client) }
            }
        case .socket(let id):
            if let member = members[id], !except.contains(id) { self.place(message, to: member.client) }
        }
    }

    /// Puts the message that was begun behind what the client gets in this batch.
    private func place(_ message: WireMessage, to client: ClientSession) {
        if client.engine.isWebSocket {
            client.tail = self.outgoing.place(behind: client.tail)
            self.metrics.packetsSent += message.packetCount
            self.metrics.bytesSent += message.frames.readableBytes
        } else {
            self.apply(client.engine.send(message), to: client)
        }
        self.mark(client)
    }

    /// Sends packets of the session's own to its WebSocket, behind what it gets in this batch.
    func write(_ packets: [OutgoingPacket<WireMessage>], to client: ClientSession) {
        for packet in packets {
            let frames = packet.frames
            var count = 1
            if case .message(let message) = packet {
                count = message.packetCount
                self.metrics.packetsSent += count
            }
            self.outgoing.begin(frames, packets: count)
            client.tail = self.outgoing.place(behind: client.tail)
            self.metrics.bytesSent += frames.readableBytes
        }
        self.mark(client)
    }

    /// Hands a session's frames to its WebSocket, in one buffer.
    func flush(_ client: ClientSession) {
        guard client.tail != .root else { return }
        let frames = self.outgoing.frames(upTo: client.tail)
        let packets = self.outgoing.size(at: client.tail).packets
        client.tail = .root
        guard let link = client.webSocket else { return }
        if link.eventLoop === self.shard.eventLoop {
            link.write(frames, packets: packets)
        } else {
            self.distant.append(DistantWrite(link: link, frames: frames, packets: packets))
        }
    }

    /// Wakes every other event loop that has to write something, once.
    func writeDistant() {
        while let eventLoop = self.distant.last?.link.eventLoop {
            let writes = self.distant.filter { $0.link.eventLoop === eventLoop }
            self.distant.removeAll { $0.link.eventLoop === eventLoop }
            eventLoop.execute {
                for write in writes { write.link.write(write.frames, packets: write.packets) }
            }
        }
    }
}
