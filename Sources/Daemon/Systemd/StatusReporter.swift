import Ingest

/// Keeps the service manager's status line true, from the first look at the folders to the end of the stop.
struct StatusReporter: Sendable {
    /// The shortest time between two lines: people read them, and each one wakes the service manager.
    private static let interval = Duration.seconds(1)

    let notifier: ServiceNotifier
    let live: LiveStatus

    /// The line as it is now.
    var line: String {
        self.notifier.isStopping ? StatusLine.stopping(self.live.statuses) : StatusLine.watching(self.live.statuses)
    }

    /// Reports changes until it is cancelled.
    func run() async {
        guard self.notifier.isActive else { return }
        while (try? await Task.sleep(for: Self.interval)) != nil {
            self.notifier.send(.status(self.line))
        }
    }
}
