package import Logging
import Synchronization
import SystemPackage

/// Tells the service manager how the daemon is doing; does nothing where there is none.
///
/// A notification that cannot be sent costs nothing but itself: the first is logged. Any thread may call.
package final class ServiceNotifier: Sendable {
    private struct State {
        var status: String?
        var isStopping = false
        var hasFailed = false
    }

    private let socket: NotifySocket?
    private let state = Mutex(State())
    private let logger: Logger

    /// - Parameters:
    ///   - name: Where to send: `ServiceEnvironment.notifySocket`.
    ///   - logger: Told once when that fails.
    package init(_ name: String?, logger: Logger) {
        self.logger = logger
        do {
            self.socket = try name.map { name throws(Errno) in try NotifySocket(name) }
        } catch {
            self.socket = nil
            Self.report(error, to: logger)
        }
    }

    /// Whether anybody listens.
    package var isActive: Bool { self.socket != nil }

    /// Whether `.stopping` was sent.
    package var isStopping: Bool { self.state.withLock { $0.isStopping } }

    /// Sends notifications together, in their order; a status that was sent last is not sent again.
    package func send(_ notifications: ServiceNotification...) {
        self.state.withLock { state in
            let news = notifications.filter { Self.note($0, in: &state) }
            guard let socket, !news.isEmpty else { return }
            do throws(Errno) {
                try socket.send(news.map(\.text).joined())
            } catch {
                if !state.hasFailed { Self.report(error, to: self.logger) }
                state.hasFailed = true
            }
        }
    }

    /// Whether a notification says anything new.
    private static func note(_ notification: ServiceNotification, in state: inout State) -> Bool {
        switch notification {
        case .status(let text) where state.status == text: return false
        case .status(let text): state.status = text
        case .stopping: state.isStopping = true
        case .ready, .reloading, .watchdog, .extendTimeout: break
        }
        return true
    }

    private static func report(_ error: Errno, to logger: Logger) {
        logger.warning(
            "The service manager cannot be told how the daemon is doing.", metadata: ["error": "\(error)"]
        )
    }
}
