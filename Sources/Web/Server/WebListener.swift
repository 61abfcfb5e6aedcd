import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Accepts connections and hands each to its handler, on sockets of its own or on some that listened before.
///
/// Hummingbird's own server does the same for addresses only. Graceful shutdown: no connection is accepted any more, and
/// a moment later those that are open end with the request they have in hand.
struct WebListener: Sendable {
    private typealias Listening = NIOAsyncChannel<WebChannel.Value, Never>

    /// Connections that may wait for their acceptance; the system's own limit may be lower.
    private static let backlog: CInt = 1_024

    /// How long the setup of a connection that was just accepted may take: NIO drops it when its listener has closed.
    private static let lastAcceptanceTime = TimeAmount.milliseconds(50)

    /// How long a connection that was accepted at the last moment may take to send its request; closed without an
    /// answer, its client would take that for a failure.
    private static let lastRequestTime = TimeAmount.milliseconds(250)

    let configuration: WebConfiguration
    let handler: WebChannel
    let group: any EventLoopGroup
    let logger: Logger

    /// Serves until the graceful shutdown.
    ///
    /// - Parameter listening: Gets the port, once, as soon as connections are accepted.
    /// - Throws: `IOError` or `SocketAddressError` if it cannot listen.
    func run(listening: @Sendable (_ port: Int) -> Void) async throws {
        let channels = try await self.listen()
        await withGracefulShutdownHandler {
            listening(channels.first?.channel.localAddress?.port ?? self.configuration.port)
            await withDiscardingTaskGroup { group in
                for channel in channels { group.addTask { await self.accept(on: channel) } }
            }
        } onGracefulShutdown: {
            self.stopAccepting(on: channels.map(\.channel))
        }
    }

    /// Leaves new connections to whoever holds the socket next, and gives those that were accepted time for a request.
    private func stopAccepting(on listeners: [any Channel]) {
        for listener in listeners { listener.setOption(.autoRead, value: false).whenComplete { _ in } }
        let eventLoop = self.group.any()
        let connections = self.handler.connections
        eventLoop.scheduleTask(in: Self.lastAcceptanceTime) {
            for listener in listeners { listener.close(promise: nil) }
            eventLoop.scheduleTask(in: Self.lastRequestTime) { connections.quiesce() }
        }
    }

    private func listen() async throws -> [Listening] {
        let bootstrap = ServerBootstrap(group: self.group)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
        let handler = self.handler
        let logger = self.logger
        guard !self.configuration.inheritedSockets.isEmpty else {
            let channel = try await bootstrap.bind(host: self.configuration.host, port: self.configuration.port) {
                handler.setup(channel: $0, logger: logger)
            }
            return [channel]
        }
        var channels: [Listening] = []
        for socket in self.configuration.inheritedSockets {
            channels.append(try await bootstrap.bind(socket) { handler.setup(channel: $0, logger: logger) })
        }
        return channels
    }

    private func accept(on channel: Listening) async {
        do {
            try await channel.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await connection in connections {
                        group.addTask { await self.handler.handle(value: connection, logger: self.logger) }
                    }
                }
            }
        } catch {
            self.logger.error("Connections are no longer accepted.", metadata: ["error": "\(error)"])
        }
    }
}
