import EngineIO
package import Logging
package import NIOCore
import NIOPosix
package import SocketIO

/// A Socket.IO server: namespaces, rooms, events and answers for the clients of the web server's endpoint.
///
/// Every call returns at once and may come from any thread. Calls made one after another, from one thread or under
/// one lock, take effect in that order on each socket.
package final class SocketServer: Sendable {
    let configuration: SocketConfiguration
    let namespaces: [String: SocketNamespace]
    let namespaceNames: Set<String>
    /// What is done with messages when there are no namespaces: a server of plain Engine.IO.
    let receiver: MessageReceiver?
    /// Counts the sessions.
    let admission: Admission
    let memory = MemoryReturn()
    let logger: Logger
    let group: any EventLoopGroup
    private let shards: [SocketShard]

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
    func isAt(_ path: some StringProtocol) -> Bool {
        path == self.configuration.path || path == self.configuration.path.dropLast()
    }

    /// The share of an event loop; of some other if the loop has none.
    func shard(of eventLoop: any EventLoop) -> SocketShard {
        self.shards.first { $0.eventLoop === eventLoop } ?? self.shards[0]
    }

    /// The share a session says it is of; nil if it made that up.
    func shard(of sid: Identifier) -> SocketShard? { self.shard(at: sid.shard) }

    private func shard(at index: UInt8) -> SocketShard? {
        self.shards.indices.contains(Int(index)) ? self.shards[Int(index)] : nil
    }
}

// MARK: - Calls

extension SocketServer {
    /// Sends an event, encoded once.
    ///
    /// - Parameters:
    ///   - event: Its name.
    ///   - payload: Its arguments.
    ///   - namespace: Whose sockets get it.
    ///   - recipients: Which of them; one that is in several of the rooms gets it once.
    ///   - except: Which of those not.
    ///   - isVolatile: Whether it may be dropped for a client that has not read what it was sent before.
    package func emit(
        _ event: String,
        _ payload: EventPayload = .none,
        namespace: String,
        to recipients: Recipients = .everyone,
        except: [SocketID] = [],
        isVolatile: Bool = false
    ) {
        let emission = Emission(
            namespace: namespace,
            recipients: recipients,
            except: except,
            isVolatile: isVolatile,
            message: WireMessage(.event(event, payload, namespace: namespace))
        )
        let command = SocketCommand.emit(emission)
        if case .socket(let id) = recipients {
            self.shard(at: id.shard)?.post(command)
        } else {
            for shard in self.shards { shard.post(command) }
        }
    }

    /// Sends an event that the client has to answer.
    ///
    /// - Parameters:
    ///   - event: Its name.
    ///   - payload: Its arguments.
    ///   - socket: Who gets it.
    ///   - timeout: How long to wait.
    ///   - acknowledged: Runs once, on an event loop, and must not block.
    package func emit(
        _ event: String,
        _ payload: EventPayload,
        to socket: SocketID,
        timeout: Duration,
        acknowledged: @escaping @Sendable (Result<[JSONValue], AcknowledgementError>) -> Void
    ) {
        guard let shard = self.shard(at: socket.shard) else { return acknowledged(.failure(.disconnected)) }
        shard.post(.ask(socket, event: event, payload, timeout: timeout, acknowledged))
    }

    /// Sends a message to a client of a server without namespaces.
    func send(_ message: Message, to sid: Identifier) {
        self.shard(of: sid)?.post(.send(sid, WireMessage(message)))
    }

    /// Puts a socket into rooms.
    package func join(_ rooms: [String], _ socket: SocketID) {
        self.shard(at: socket.shard)?.post(.join(socket, rooms))
    }

    /// Takes a socket out of rooms.
    package func leave(_ rooms: [String], _ socket: SocketID) {
        self.shard(at: socket.shard)?.post(.leave(socket, rooms))
    }

    /// Puts a socket out of its namespace, or ends its connection with all its sockets.
    package func disconnect(_ socket: SocketID, closingConnection: Bool = false) {
        self.shard(at: socket.shard)?.post(.disconnect(socket, closingConnection: closingConnection))
    }

    /// Does so to every socket of a namespace.
    package func disconnectEveryone(namespace: String, closingConnections: Bool = false) {
        for shard in self.shards {
            shard.post(.disconnectEveryone(namespace: namespace, closingConnections: closingConnections))
        }
    }

    /// Ends every session: what was sent before still goes out, then the close.
    ///
    /// New clients are refused from here on. The ends are spread over `shutdownSpread`. Returns when all are gone, or
    /// `shutdownGrace` after the last was told.
    package func shutdown() async {
        let eventLoop = self.shards[0].eventLoop
        let allGone = EventLoopFuture.andAllComplete(self.beginShutdown(), on: eventLoop)
        let isOver = eventLoop.makePromise(of: Void.self)
        let patience = self.configuration.shutdownSpread + self.configuration.shutdownGrace
        let grace = eventLoop.scheduleTask(in: TimeAmount(patience)) { isOver.succeed() }
        allGone.whenComplete { _ in
            grace.cancel()
            isOver.succeed()
        }
        try? await isOver.futureResult.get()
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
