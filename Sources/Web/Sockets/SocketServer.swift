import EngineIO
package import Logging
package import NIOCore
import NIOPosix
package import SocketIO
import Synchronization

/// A Socket.IO server: namespaces, rooms, events and answers for the clients of the web server's endpoint.
///
/// Every call returns at once and may come from any thread. Calls made one after another, from one thread or under
/// one lock, take effect in that order on each socket.
package final class SocketServer: Sendable {
    let configuration: SocketConfiguration
    /// The endpoint's path without its last slash.
    private let barePath: Substring
    let namespaces: [String: SocketNamespace]
    let namespaceNames: Set<String>
    /// What is done with messages when there are no namespaces: a server of plain Engine.IO.
    let receiver: MessageReceiver?
    /// Counts the sessions.
    let admission: Admission
    let memory = MemoryReturn()
    let logger: Logger
    let group: any EventLoopGroup
    /// What is kept for clients that may come back; nil if none can.
    let recovery: Recovery?
    let shards: [SocketShard]
    /// Numbers the questions to several clients.
    let questions = Atomic<Int>(Connection.firstBroadcastID)

    /// Makes a server that is ready for clients.
    ///
    /// - Parameters:
    ///   - namespaces: All there are; joining any other is refused with "Invalid namespace".
    ///   - configuration: How clients are treated.
    ///   - group: The event loops clients live on; at most 256 are used.
    ///   - logger: Gets a line for each session at debug level.
    package convenience init(
        namespaces: [SocketNamespace],
        configuration: SocketConfiguration = SocketConfiguration(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger
    ) {
        self.init(namespaces, nil, configuration, group, logger)
    }

    /// Makes a server of plain Engine.IO, without Socket.IO on top.
    ///
    /// - Parameters:
    ///   - receiver: Gets the clients' messages.
    ///   - configuration: How clients are treated.
    ///   - group: The event loops clients live on; at most 256 are used.
    ///   - logger: Gets a line for each session at debug level.
    package convenience init(
        receiver: MessageReceiver,
        configuration: SocketConfiguration,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger
    ) {
        self.init([], receiver, configuration, group, logger)
    }

    private init(
        _ namespaces: [SocketNamespace],
        _ receiver: MessageReceiver?,
        _ configuration: SocketConfiguration,
        _ group: any EventLoopGroup,
        _ logger: Logger
    ) {
        self.receiver = receiver
        self.namespaces = Dictionary(namespaces.map { ($0.name, $0) }) { _, last in last }
        self.namespaceNames = Set(self.namespaces.keys)
        self.configuration = configuration
        self.barePath = configuration.path.dropLast()
        self.recovery = configuration.recovery.map { Recovery(limits: $0) }
        self.admission = Admission(limits: configuration.connections)
        self.group = group
        self.logger = logger
        self.shards = zip(UInt8.min...UInt8.max, group.makeIterator()).map { index, eventLoop in
            SocketShard(index: index, eventLoop: eventLoop)
        }
        for shard in self.shards { shard.start(self) }
    }

    /// What was done so far; empty once the event loops have ended.
    package var metrics: SocketMetrics {
        get async {
            var sum = SocketMetrics()
            for shard in self.shards {
                if let metrics = try? await shard.metrics.get() { sum.add(metrics) }
            }
            return sum
        }
    }

    /// Whether a path is this endpoint's, with or without the last slash.
    func isAt(_ path: Substring) -> Bool { path == self.configuration.path[...] || path == self.barePath }

    /// The share of an event loop; of some other if the loop has none.
    func shard(of eventLoop: any EventLoop) -> SocketShard {
        self.shards.first { $0.eventLoop === eventLoop } ?? self.shards[0]
    }

    /// The share a session says it is of; nil if it made that up.
    func shard(of sid: Identifier) -> SocketShard? { self.shard(at: sid.shard) }

    /// The share a socket lives on.
    func shard(ofSocket id: SocketID) -> SocketShard? { self.shard(at: self.recovery?.shard(of: id) ?? id.shard) }

    /// The share of this number; nil if there is none.
    func shard(at index: UInt8) -> SocketShard? {
        self.shards.indices.contains(Int(index)) ? self.shards[Int(index)] : nil
    }
}

// MARK: - Calls

extension SocketServer {
    /// Sends a message to a client of a server without namespaces.
    func send(_ message: Message, to sid: Identifier) {
        self.shard(of: sid)?.post(.send(sid, WireMessage(message)))
    }

    /// Puts a socket into rooms.
    package func join(_ rooms: [String], _ socket: SocketID) {
        self.shard(ofSocket: socket)?.post(.join(socket, rooms))
    }

    /// Takes a socket out of rooms.
    package func leave(_ rooms: [String], _ socket: SocketID) {
        self.shard(ofSocket: socket)?.post(.leave(socket, rooms))
    }

    /// Puts a socket out of its namespace, or ends its connection with all its sockets.
    package func disconnect(_ socket: SocketID, closingConnection: Bool = false) {
        self.shard(ofSocket: socket)?.post(.disconnect(socket, closingConnection: closingConnection))
    }

    /// Ends every session: what was sent before still goes out, then the close.
    ///
    /// New clients are refused from here on. The ends are spread over `shutdownSpread`. Returns when all are gone, or
    /// `shutdownGrace` after the last was told.
    package func shutdown() async {
        let eventLoop = self.shards[0].eventLoop
        try? await EventLoopFuture.andAllComplete(self.beginShutdown(), on: eventLoop).get()
    }

    /// Does so without waiting.
    @discardableResult
    func beginShutdown() -> [EventLoopFuture<Void>] {
        self.shards.map { shard in
            let promise = shard.eventLoop.makePromise(of: Void.self)
            shard.post(.stop(promise))
            return promise.futureResult
        }
    }
}

// MARK: - Over a restart

extension SocketServer {
    /// What the next process needs to let clients come back; call it after `shutdown`, and keep the bytes to yourself.
    package func recoveryState() -> [UInt8]? { self.recovery?.encoded() }

    /// Takes over what an earlier process gave; before the first client.
    ///
    /// - Throws: What is wrong with the bytes; nothing has changed then.
    package func restoreRecovery(from bytes: [UInt8]) throws(RecoveryError) {
        try self.recovery?.restore(from: bytes)
    }
}
