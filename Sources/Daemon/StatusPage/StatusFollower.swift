package import Config
import FoundationEssentials
import NIOPosix
import SystemPackage
import UnixSignals

/// Shows the status again and again, through restarts of the daemon, until it is told to stop.
package struct StatusFollower: Sendable {
    package enum Form: Sendable {
        /// A picture that fills the terminal and is drawn anew each second.
        case picture
        /// All of it once, then a line for everything that changes.
        case lines
        /// An object a look.
        case json
    }

    /// What the loop waits for.
    private enum Moment: Sendable {
        case looked(StatusReport)
        case failed(LocalClient.Problem)
        case redraw
        case stop
    }

    private let config: Config
    private let pipeline: String?
    private let interval: Duration
    private let form: Form
    private let option: String
    private let warn: @Sendable (String) -> Void

    /// - Parameters:
    ///   - config: That of the daemon.
    ///   - pipeline: The only one to show; nil for all.
    ///   - interval: Between two looks.
    ///   - form: How it is shown.
    ///   - option: What commands that are proposed need besides: `--config FILE`, or nothing.
    ///   - warn: Told that the daemon does not answer, where the form has no place for that.
    package init(
        config: Config,
        pipeline: String?,
        interval: Duration,
        form: Form,
        option: String,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.config = config
        self.pipeline = pipeline
        self.interval = interval
        self.form = form
        self.option = option
        self.warn = warn
    }

    /// Seconds after which a daemon that has not answered is shown as one that does not.
    private var patience: Double { self.interval / .seconds(1) + 10 }

    /// Shows it until SIGINT or SIGTERM comes, or nobody reads any more.
    ///
    /// - Parameter first: The first look.
    /// - Throws: What asking threw that no later look can mend.
    package func run(first: StatusReport) async throws {
        let (moments, inbox) = AsyncStream.makeStream(of: Moment.self)
        let signals = await UnixSignalsSequence(
            trapping: self.form == .picture ? [.sigint, .sigterm, .sigwinch] : [.sigint, .sigterm])
        inbox.yield(.looked(first))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.look(inbox) }
            group.addTask {
                for await signal in signals { inbox.yield(signal == .sigwinch ? .redraw : .stop) }
            }
            if self.form == .picture { group.addTask { await Self.tick(inbox) } }
            do {
                try await self.show(moments, first)
            } catch {
                // Nobody reads any more: that is how a pipe ends.
            }
            group.cancelAll()
        }
    }

    /// Asks the daemon every interval; after a failure by a new client, as the token may be another one then.
    private func look(_ inbox: AsyncStream<Moment>.Continuation) async {
        while !Task.isCancelled {
            do {
                try await LocalClient.with(self.config) { client in
                    while true {
                        try await Task.sleep(for: self.interval)
                        inbox.yield(.looked(try await StatusReport.ask(client, pipeline: self.pipeline)))
                    }
                }
            } catch let problem as LocalClient.Problem {
                inbox.yield(.failed(problem))
            } catch {
                return
            }
        }
    }

    /// Countdowns go on between two looks.
    private static func tick(_ inbox: AsyncStream<Moment>.Continuation) async {
        while (try? await Task.sleep(for: .seconds(1))) != nil { inbox.yield(.redraw) }
    }

    private func show(_ moments: AsyncStream<Moment>, _ first: StatusReport) async throws {
        switch self.form {
        case .picture: try await self.draw(moments, first)
        case .lines, .json: try await self.write(moments, first)
        }
    }

    private func draw(_ moments: AsyncStream<Moment>, _ first: StatusReport) async throws {
        let screen = try TerminalScreen.open()
        defer { screen.close() }
        let address = LocalClient.place(of: self.config)
        var report = first
        var connection = StatusVerdict.Connection.live
        var heardAt = Date()
        for await moment in moments {
            switch moment {
            case .looked(let look):
                (report, connection, heardAt) = (look.hasPipelines ? look : report, .live, Date())
            case .failed(let problem): connection = .lost(since: heardAt, reason: problem.reason)
            case .redraw:
                if connection == .live, Date().timeIntervalSince(heardAt) > self.patience {
                    connection = .lost(since: heardAt, reason: "It takes long to answer.")
                }
            case .stop: return
            }
            let terminal = Terminal.standardOutput
            let picture = StatusPicture(report, connection, address: address, option: self.option, now: Date())
            // A column to spare: what erases the rest of a line would erase the last letter of a full one.
            let lines = picture.lines(
                width: max(1, terminal.width - 1), height: terminal.height, isColoured: terminal.isColoured)
            try await NIOThreadPool.singleton.runIfActive { try screen.draw(lines) }
        }
    }

    private func write(_ moments: AsyncStream<Moment>, _ first: StatusReport) async throws {
        var last: StatusReport?
        var isLost = false
        for await moment in moments {
            var lines: [String] = []
            switch moment {
            case .looked(let report):
                lines = self.lines(report, after: last, isBack: isLost)
                (last, isLost) = (report, false)
            case .failed(let problem):
                if !isLost, self.form == .lines { lines = ["corpusd: no answer: \(problem.reason)"] }
                if !isLost, self.form == .json { self.warn("\(problem)") }
                isLost = true
            case .redraw: break
            case .stop: return
            }
            guard !lines.isEmpty else { continue }
            let text = lines.map { "\($0)\n" }.joined()
            try await NIOThreadPool.singleton.runIfActive { try StandardOutput.write(text) }
        }
    }

    private func lines(_ report: StatusReport, after last: StatusReport?, isBack: Bool) -> [String] {
        guard self.form == .lines else { return [report.json] }
        guard let last else { return [report.plainText(now: Date())] }
        let back = isBack ? ["corpusd: it answers again"] : []
        return back + StatusChanges(from: last, to: report, now: Date()).lines
    }
}
