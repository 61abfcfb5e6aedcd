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
        self.place(self.outgoing.begin(message), to: client)
    }

    /// Sends an event to sockets of a namespace.
    func broadcast(_ emission: Emission, in members: NamespaceMembers) {
        let message = self.outgoing.begin(emission.message)
        // Only if somebody needs it, and then once.
        var plain: OutgoingBatch.Placement?
        self.busily {
            members.forEach(in: emission.audience) { member in
                if let membership = member.membership {
                    guard emission.sequence == 0 || emission.sequence > membership.restoredAt else { return }
                } else if let packet = emission.plain {
                    let placement = plain ?? self.outgoing.begin(WireMessage(packet))
                    plain = placement
                    return self.place(placement, to: member.client, isVolatile: emission.isVolatile)
                }
                self.place(message, to: member.client, isVolatile: emission.isVolatile)
            }
        }
    }

    /// Puts a message behind what the client gets in this batch.
    func place(_ placement: OutgoingBatch.Placement, to client: ClientSession, isVolatile: Bool = false) {
        let message = placement.message
        if client.isWebSocket {
            guard !isVolatile || self.hasRoom(for: message, client) else {
                self.metrics.packetsDropped += 1
                return
            }
            if client.format == .v4 || message.isSameInAllVersions {
                client.tail = self.outgoing.place(placement, behind: client.tail)
            } else {
                let frames = message.frames(in: client.format)
                client.tail = self.outgoing.add(frames, packets: message.packetCount, behind: client.tail)
            }
            self.metrics.packetsSent += message.packetCount
            self.metrics.bytesSent += message.frames.readableBytes
        } else {
            self.apply(client.engine.send(message, isVolatile: isVolatile), to: client)
        }
        self.mark(client)
    }

    /// Whether a message that may be dropped fits behind what its client has not read yet.
    private func hasRoom(for message: WireMessage, _ client: ClientSession) -> Bool {
        guard let backlog = client.webSocket?.backlog, backlog != .none else { return true }
        let batch = self.outgoing.size(at: client.tail)
        return self.configuration.session.permits(
            waitingBytes: backlog.bytes + batch.bytes + message.frames.readableBytes,
            packets: backlog.packets + batch.packets + message.packetCount,
            isVolatile: true
        )
    }

    /// Sends packets of the session's own to its WebSocket, behind what it gets in this batch.
    func write(_ packets: [OutgoingPacket<WireMessage>], to client: ClientSession) {
        for packet in packets {
            let frames = packet.frames(in: client.format)
            client.tail = self.outgoing.add(frames, packets: packet.packetCount, behind: client.tail)
            self.metrics.bytesSent += frames.readableBytes
            if case .message(let message) = packet { self.metrics.packetsSent += message.packetCount }
        }
        self.mark(client)
    }

    /// Hands a session's frames to its WebSocket, in one buffer.
    func flush(_ client: ClientSession) {
        guard client.tail != .root else { return }
        let frames = self.outgoing.frames(upTo: client.tail)
        let packets = self.outgoing.size(at: client.tail).packets
        client.tail = .root
        if let handler = client.handler {
            handler.send(frames, packets: packets)
        } else if let link = client.webSocket {
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
