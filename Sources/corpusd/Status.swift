import ArgumentParser
import Config
import Daemon
import FoundationEssentials

/// `corpusd status`: asks the running daemon.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what the running daemon is doing.",
        discussion: """
            Needs the running daemon, on this machine. Exits 0 when all is well, 1 when the daemon does not answer, \
            3 when a pipeline is in trouble.

            With --follow it is the page for people in a terminal: it fills the window and no more, keeps up with its \
            size, waits for a daemon that is started again, and ends with Ctrl-C and 0. Into a pipe it writes all of it \
            once, and then a line for everything that changes.
            """
    )

    @Flag(help: "Show it again and again until Ctrl-C; on a terminal in place.")
    var follow = false

    @Option(help: "Seconds between two looks, 1 to 3600.")
    var interval = 2

    @Option(help: "Only this pipeline.")
    var pipeline: String?

    @Flag(help: "Print JSON, one line a look, the same as GET /api/pipelines answers.")
    var json = false

    @OptionGroup var configuration: ConfigurationOption

    func validate() throws {
        guard (1...3_600).contains(self.interval) else { throw ValidationError("--interval must be 1 to 3600.") }
    }

    func run() async throws {
        let config = try self.configuration.load()
        try self.configuration.require(self.pipeline, in: config)
        let report: StatusReport
        do {
            report = try await LocalClient.with(config) { try await StatusReport.ask($0, pipeline: self.pipeline) }
        } catch {
            throw StandardError.report(error)
        }
        guard report.hasPipelines else {
            StandardError.print(
                "corpusd: error: the daemon has no pipeline '\(self.pipeline ?? "")': it was started before that was "
                    + "configured; restart it")
            throw ExitCode.failure
        }
        guard !self.follow else { return try await self.followOn(from: report, config) }
        print(self.json ? report.json : self.text(report, config))
        if report.isInTrouble { throw ExitCode(3) }
    }

    private func followOn(from first: StatusReport, _ config: Config) async throws {
        let terminal = Terminal.standardOutput
        let follower = StatusFollower(
            config: config, pipeline: self.pipeline, interval: .seconds(self.interval),
            form: self.json ? .json : terminal.isMovable ? .picture : .lines, option: self.configuration.written,
            warn: { StandardError.print("corpusd: \($0)") })
        try await follower.run(first: first)
    }

    private func text(_ report: StatusReport, _ config: Config) -> String {
        let terminal = Terminal.standardOutput
        guard terminal.isTerminal else { return report.plainText(now: Date()) }
        let picture = StatusPicture(
            report, address: LocalClient.place(of: config), option: self.configuration.written, now: Date())
        return picture.lines(width: terminal.width, isColoured: terminal.isColoured).joined(separator: "\n")
    }
}
