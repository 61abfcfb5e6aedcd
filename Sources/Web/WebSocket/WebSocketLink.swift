import EngineIO
import NIOCore
import Synchronization

/// A WebSocket as its session sees it, on whichever event loop that is.
final class WebSocketLink: Sendable {
    let eventLoop: any EventLoop
    private let handler: NIOLoopBound<WebSocketHandler>
    private let waiting = Atomic<Int>(0)

    /// Wraps a WebSocket; on its own event loop.
    init(handler: WebSocketHandler, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
    }

    /// Bytes and packets that the client has not taken yet, as the WebSocket last knew; both 0 for a client that reads.
    var backlog: Backlog {
        get { Backlog(packed: self.waiting.load(ordering: .relaxed)) }
        set { self.waiting.store(newValue.packed, ordering: .relaxed) }
    }

    /// The WebSocket itself, for its own event loop; nil on any other.
    var here: WebSocketHandler? { self.eventLoop.inEventLoop ? self.handler.value : nil }

    /// Tells the WebSocket whose it is; what it has read so far is delivered now.
    ///
    /// - Parameters:
    ///   - client: The session.
    ///   - sockets: The sockets of its event loop, which is the one that calls.
    func attach(to client: ClientSession, of sockets: SocketLoop) {
        if self.eventLoop.inEventLoop {
            self.handler.value.attach(.near(sockets, client), self)
        } else {
            let (shard, sid) = (sockets.shard, client.sid)
            self.eventLoop.execute { self.handler.value.attach(.far(shard, sid), self) }
        }
    }

    /// Writes whole frames and flushes once.
    ///
    /// - Parameters:
    ///   - frames: One buffer.
    ///   - packets: How many are in it.
    func write(_ frames: ByteBuffer, packets: Int) {
        if self.eventLoop.inEventLoop {
            self.handler.value.send(frames, packets: packets)
        } else {
            self.eventLoop.execute { self.handler.value.send(frames, packets: packets) }
        }
    }

    /// Closes: what was written before still goes out, then the close frame.
    func close(_ code: WebSocketCloseCode) { self.onItsLoop { $0.close(code) } }

    private func onItsLoop(_ body: @escaping @Sendable (WebSocketHandler) -> Void) {
        if self.eventLoop.inEventLoop {
            body(self.handler.value)
        } else {
            self.eventLoop.execute { body(self.handler.value) }
        }
    }
}
