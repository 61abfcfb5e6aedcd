import Logging
import ServiceLifecycle
import UnixSignals

/// Answers SIGTERM and SIGINT: the first lets the daemon finish what it has in hand, a second does not.
struct StopRequests: Sendable {
    /// Longer than jobs, clients and the store may take together; a service manager that allows less waits this long.
    private static let stopTime = Duration.seconds(60)

    let notifier: ServiceNotifier
    let logger: Logger

    /// Begins the stop at the first signal, and ends with the second, or when it is cancelled.
    ///
    /// - Returns: Whether there was a second signal.
    func run(stopping group: ServiceGroup) async -> Bool {
        var isStopping = false
        for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint) {
            guard !isStopping else {
                self.logger.notice("Told to stop again; jobs in hand are put back.", metadata: ["signal": "\(signal)"])
                self.notifier.send(.status("stopping at once, putting back what is in work"))
                return true
            }
            isStopping = true
            self.logger.info("Told to stop.", metadata: ["signal": "\(signal)"])
            self.notifier.send(.stopping, .extendTimeout(Self.stopTime), .status("stopping"))
            await group.triggerGracefulShutdown()
        }
        return false
    }
}
