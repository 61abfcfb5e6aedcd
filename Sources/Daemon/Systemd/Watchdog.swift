package import Logging
import Synchronization

/// Tells the service manager that the daemon is alive, for as long as every part of it answers.
///
/// It runs on the cooperative pool and takes the locks that it asks about, so that it falls silent, too, when one of
/// those hangs.
package final class Watchdog: Sendable {
    private let timeout: Duration
    private let probes: [HealthProbe]
    private let pulse: Mutex<Pulse>
    private let logger: Logger
    private let ping: @Sendable () -> Void

    /// - Parameters:
    ///   - timeout: Silence after which the service manager ends the daemon; a quarter of it lies between two pings.
    ///   - probes: What has to answer, within half of `timeout` unless a probe says otherwise.
    ///   - logger: Told who does not.
    ///   - ping: Tells the service manager.
    package init(timeout: Duration, probes: [HealthProbe], logger: Logger, ping: @escaping @Sendable () -> Void) {
        self.timeout = timeout
        self.probes = probes
        self.pulse = Mutex(Pulse(probes.map { ($0.name, $0.patience ?? timeout / 2) }, now: .now))
        self.logger = logger
        self.ping = ping
    }

    /// Asks and pings until it is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for (part, probe) in self.probes.enumerated() {
                group.addTask {
                    await self.repeatedly {
                        await probe.ask()
                        self.pulse.withLock { $0.answered(part, now: .now) }
                    }
                }
            }
            var wasSilent = false
            await self.repeatedly { self.check(&wasSilent) }
            group.cancelAll()
        }
    }

    private func check(_ wasSilent: inout Bool) {
        let silent = self.pulse.withLock { $0.silent(now: .now) }
        if silent.isEmpty { self.ping() }
        if !silent.isEmpty, !wasSilent {
            self.logger.critical(
                "Parts of the daemon do not answer; the service manager ends it if that does not change.",
                metadata: ["parts": "\(silent.joined(separator: ", "))"]
            )
        } else if silent.isEmpty, wasSilent {
            self.logger.notice("All parts of the daemon answer again.")
        }
        wasSilent = !silent.isEmpty
    }

    private func repeatedly(_ body: () async -> Void) async {
        repeat { await body() } while (try? await Task.sleep(for: self.timeout / 4)) != nil
    }
}
