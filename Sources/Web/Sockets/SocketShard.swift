import EngineIO
import NIOCore
import SocketIO
import Synchronization

/// One event loop's share of the sockets, as other threads see it.
///
/// Commands of other threads go through a mailbox that the loop empties in one go: their order is the order they were
/// posted in, and every connection that got something is flushed once per emptying.
final class SocketShard: Sendable {
    private struct Mailbox {
        var commands: [SocketCommand] = []
        var isScheduled = false
    }

    /// What is to be done about a command.
    private enum Next {
        case perform
        case schedule
        case wait
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

    /// Asks for something, in order; on the loop itself it is done at once, if nothing was asked for before.
    ///
    /// - Parameters:
    ///   - command: What.
    ///   - mayRunNow: False for a caller that holds a lock.
    func post(_ command: SocketCommand, mayRunNow: Bool = true) {
        let isHere = mayRunNow && self.eventLoop.inEventLoop && self.sockets.value?.isBusy == false
        let next: Next = self.mailbox.withLock { mailbox in
            if isHere, mailbox.commands.isEmpty { return .perform }
            mailbox.commands.append(command)
            defer { mailbox.isScheduled = true }
            return mailbox.isScheduled ? .wait : .schedule
        }
        switch next {
        case .perform:
            if let sockets = self.sockets.value { sockets.batch { sockets.perform(command) } }
        case .schedule:
            self.eventLoop.execute { self.empty() }
        case .wait:
            break
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
        self.sockets.value?.perform(commands)
    }
}
