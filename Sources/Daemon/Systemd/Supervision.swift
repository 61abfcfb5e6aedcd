import Config
import Logging
import ServiceLifecycle

/// What runs beside the services until they have ended: signals, the status line, and the watchdog.
struct Supervision: Sendable {
    /// How long the daemon has to serve for its start to be a good one.
    private static let proof = Duration.seconds(60)

    let notifier: ServiceNotifier
    let reporter: StatusReporter
    /// nil when nobody watches.
    let watchdogTimeout: Duration?
    let probes: [HealthProbe]
    /// nil when nobody counts.
    let failedStarts: FailedStarts?
    let config: Config
    let configPath: String
    let logger: Logger

    /// Says that clients can connect.
    func reportReady() { self.notifier.send(.ready, .status(self.reporter.line)) }

    /// Runs the services until they are told to stop and have done so.
    ///
    /// - Throws: What ended one of them.
    func run(_ services: ServiceGroup) async throws {
        let ending = await withTaskGroup(of: Ending?.self) { group in
            group.addTask { await self.ending(of: services) }
            group.addTask {
                let stop = StopRequests(notifier: self.notifier, logger: self.logger)
                return await stop.run(stopping: services) ? .toldTwice : nil
            }
            group.addTask { await self.helpers() }
            var ending: Result<Void, any Error> = .success(())
            for await event in group {
                if case .services(let result)? = event { ending = result }
                if event != nil { group.cancelAll() }
            }
            return ending
        }
        try ending.get()
    }

    /// Why there is nothing more to do.
    private enum Ending: Sendable {
        case services(Result<Void, any Error>)
        /// Whoever sent the signals does not want to wait for what is in hand.
        case toldTwice
    }

    private func ending(of services: ServiceGroup) async -> Ending {
        do {
            try await services.run()
            return .services(.success(()))
        } catch is CancellationError {
            return .services(.success(()))
        } catch {
            return .services(.failure(error))
        }
    }

    /// Helps until it is cancelled.
    private func helpers() async -> Ending? {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.reporter.run() }
            group.addTask { await self.reloads.run() }
            group.addTask { await self.watchdog?.run() }
            group.addTask {
                guard (try? await Task.sleep(for: Self.proof)) != nil else { return }
                await self.failedStarts?.forget()
            }
        }
        return nil
    }

    private var reloads: ReloadRequests {
        ReloadRequests(
            path: self.configPath,
            running: self.config,
            notifier: self.notifier,
            logger: self.logger,
            status: { self.reporter.line }
        )
    }

    private var watchdog: Watchdog? {
        self.watchdogTimeout.map { timeout in
            Watchdog(timeout: timeout, probes: self.probes, logger: self.logger) { self.notifier.send(.watchdog) }
        }
    }
}
