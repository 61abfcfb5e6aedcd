import EngineIO
import NIOCore

/// A WebSocket as its session sees it, on whichever event loop that is.
final class WebSocketLink: Sendable {
    private let eventLoop: any EventLoop
    private let handler: NIOLoopBound<WebSocketHandler>

    /// Wraps a WebSocket; on its own event loop.
    init(handler: WebSocketHandler, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
    }

    /// Tells the WebSocket whose it is; what it has read so far is delivered now.
    func attach(_ sid: Identifier, _ shard: SocketShard) {
        self.onItsLoop { $0.attach(WebSocketHandler.Owner(link: self, sid: sid, shard: shard)) }
    }

    /// Writes whole frames and flushes once.
    func write(_ frames: [ByteBuffer]) { self.onItsLoop { $0.send(frames) } }

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
