import ArgumentParser
import Glibc
import Logging
import ServiceLifecycle
import UnixSignals
import Web

/// A Socket.IO server for tests and measurements; never shipped.
@main
struct Program: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "socketio-testserver",
        abstract: "A Socket.IO server for protocol tests and measurements.",
        subcommands: [ConformanceServer.self, BenchServer.self]
    )

    /// Serves on 127.0.0.1 until SIGTERM or SIGINT; prints a line when it listens.
    static func serve(
        _ sockets: SocketServer,
        others: [SocketServer] = [],
        configuration: WebConfiguration,
        logger: Logger
    ) async throws {
        let server = WebServer(
            configuration: configuration, sockets: sockets, otherEndpoints: others, logger: logger
        ) { port in
            print("listening on http://127.0.0.1:\(port)/")
            fflush(nil)
        }
        try await ServiceGroup(
            services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
        ).run()
    }

    /// Warnings and errors only: a line for each client would be measured, too.
    static var logger: Logger {
        var logger = Logger(label: "socketio-testserver")
        logger.logLevel = .warning
        return logger
    }
}
