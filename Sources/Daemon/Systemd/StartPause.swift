import Logging

/// Waits before a start when those before it failed, so that a service that cannot run leaves its machine in peace.
///
/// systemd makes its pauses grow itself from version 254 on; that of Debian 12 knows one.
struct StartPause: Sendable {
    /// How long the service manager gives the rest of the start, from the end of the pause.
    private static let startTime = Duration.seconds(300)

    let starts: FailedStarts
    let notifier: ServiceNotifier
    let logger: Logger

    /// Waits as long as it takes, and counts the start that follows.
    ///
    /// While it waits nothing is counted: whoever ends the wait, by a signal, does not want to wait again.
    func run() async throws {
        let failures = await self.starts.count()
        let pause = FailedStarts.pause(after: failures)
        if pause > .zero {
            await self.starts.forget()
            self.report(failures, pause)
            try await Task.sleep(for: pause)
        }
        await self.starts.add(to: failures)
    }

    private func report(_ failures: Int, _ pause: Duration) {
        let seconds = pause.components.seconds
        self.logger.warning(
            "The last starts failed; waiting before the next.",
            metadata: ["failed": "\(failures)", "seconds": "\(seconds)"]
        )
        self.notifier.send(
            .extendTimeout(pause + Self.startTime),
            .status("waiting \(seconds) s before the next start: the last \(failures) failed")
        )
    }
}
