import Config
import Glibc
import Logging
import NIOPosix
import UnixSignals

/// Answers SIGHUP: looks at the configuration file and says what a restart would make of it.
///
/// The configuration is read once, at the start; a restart is cheap and loses nothing.
struct ReloadRequests: Sendable {
    /// The file, and what the daemon runs with.
    let path: String
    let running: Config
    let notifier: ServiceNotifier
    let logger: Logger
    /// What to show again afterwards.
    let status: @Sendable () -> String

    /// Whether SIGHUP is a request: in a terminal it says that the terminal is gone, and ends the program.
    static var areExpected: Bool { isatty(STDERR_FILENO) == 0 }

    /// Answers until it is cancelled.
    func run() async {
        guard Self.areExpected else { return }
        for await _ in await UnixSignalsSequence(trapping: .sighup) where !self.notifier.isStopping {
            self.notifier.send(.reloading(at: Self.monotonicTime), .status("checking the configuration"))
            await self.check()
            self.notifier.send(.ready, .status(self.status()))
        }
    }

    private func check() async {
        let path = self.path
        do {
            let found = try await NIOThreadPool.singleton.runIfActive { try Config.load(path: path) }
            if found == self.running {
                self.logger.notice("The configuration is as it was at the start.")
            } else {
                self.logger.notice("The configuration has changed and is valid; restart the service to apply it.")
            }
        } catch let error as InvalidConfiguration {
            self.logger.error(
                "The configuration has errors; the daemon goes on with what it started with.",
                metadata: ["problems": "\(error.diagnostics.count)"]
            )
            for problem in error.diagnostics {
                self.logger.error("A problem in the configuration.", metadata: ["problem": "\(problem)"])
            }
        } catch {
            self.logger.warning("The configuration was not checked.", metadata: ["error": "\(error)"])
        }
    }

    private static var monotonicTime: Duration {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return .seconds(now.tv_sec) + .nanoseconds(now.tv_nsec)
    }
}
