import EngineIO
import NIOCore
import SocketIO
import Synchronization

/// One event loop's share of the sockets, as other threads see it.
///
/// Commands go through a mailbox that the loop empties in one go: their order is the order they were posted in, and
/// every connection that got something is flushed once per emptying.
final class SocketShard: Sendable {
    private struct Mailbox {
        var commands: [SocketCommand] = []
        var isScheduled = false
    }

    let index: UInt8
    let eventLoop: any EventLoop
    private let mailbox = Mutex(Mailbox())
    private let sockets: NIOLoopBoundBox<SocketLoop?>

    init(index: UInt8, eventLoop: any EventLoop) {
        self.index = index
        self.eventLoop = eventLoop
        self.sockets = NIOLoopBoundBox.makeEmptyBox(valueType: SocketLoop.self, eventLoop: eventLoop)
    }

    /// What the loop counted.
    var metrics: EventLoopFuture<SocketMetrics> {
        self.eventLoop.submit { self.sockets.value?.metrics ?? SocketMetrics() }
    }

    /// Gives the loop its sockets, before anything else reaches it.
    func start(_ server: SocketServer) {
        self.eventLoop.execute { self.sockets.value = SocketLoop(server: server, shard: self) }
    }

    /// Asks for something, in order.
    func post(_ command: SocketCommand) {
        let mustSchedule = self.mailbox.withLock { mailbox in
            mailbox.commands.append(command)
            defer { mailbox.isScheduled = true }
            return !mailbox.isScheduled
        }
        if mustSchedule {
            self.eventLoop.execute { self.empty() }
        }
    }

    /// Asks something of the loop, on its own thread.
    ///
    /// - Returns: nil before the loop has its sockets.
    func here<Result>(_ body: (SocketLoop) -> Result?) -> Result? { self.sockets.value.flatMap(body) }

    /// Runs something on the loop: now if this is its thread.
    func run(_ body: @escaping @Sendable (SocketLoop) -> Void) {
        guard self.eventLoop.inEventLoop else {
            self.eventLoop.execute { self.run(body) }
            return
        }
        if let sockets = self.sockets.value { sockets.batch { body(sockets) } }
    }

    private func empty() {
        let commands = self.mailbox.withLock { mailbox in
            mailbox.isScheduled = false
            defer { mailbox.commands = [] }
            return mailbox.commands
        }
        guard let sockets = self.sockets.value else { return }
        sockets.batch {
            for command in commands { sockets.perform(command) }
        }
    }
}
