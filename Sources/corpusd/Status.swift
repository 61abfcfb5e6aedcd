import ArgumentParser
import Config
import Daemon
import Glibc

/// `corpusd status`: asks the running daemon.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what the running daemon is doing.",
        discussion: """
            Needs the running daemon, on this machine. Exits 0 when all is well, 1 when the daemon does not answer, \
            3 when a pipeline is in trouble.
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
        try await LocalClient.with(config) { try await self.look($0) }
    }

    private func look(_ client: LocalClient) async throws {
        var isFirst = true
        repeat {
            if !isFirst { try await Task.sleep(for: .seconds(self.interval)) }
            do {
                let report = StatusReport(try await client.get("/api/pipelines"), pipeline: self.pipeline)
                guard report.hasPipelines else {
                    StandardError.print("corpusd: error: no pipeline '\(self.pipeline ?? "")'; leave --pipeline out")
                    throw ExitCode.failure
                }
                self.show(report, isFirst: isFirst)
                if !self.follow, report.isInTrouble { throw ExitCode(3) }
            } catch let error as LocalClient.Problem {
                // Somebody who follows wants to see it come back.
                guard self.follow, !isFirst else { throw StandardError.report(error) }
                self.show(text: "\(error)\n", isFirst: false)
            }
            isFirst = false
        } while self.follow
    }

    private func show(_ report: StatusReport, isFirst: Bool) {
        guard !self.json else { return print(report.json) }
        let terminal = Terminal.standardOutput
        self.show(text: report.text(width: terminal.width, isColoured: terminal.isColoured), isFirst: isFirst)
    }

    /// On a terminal a later look takes the place of the one before.
    private func show(text: String, isFirst: Bool) {
        let isInPlace = self.follow && Terminal.standardOutput.isTerminal
        let clear = isInPlace ? (isFirst ? "\u{1B}[2J\u{1B}[H" : "\u{1B}[H\u{1B}[J") : ""
        print(clear + text, terminator: isInPlace ? "" : "\n")
        fflush(nil)
    }
}
