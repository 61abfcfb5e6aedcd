import ArgumentParser
import Config
import Daemon
import Logging

/// `corpusd verify`: compares folders, ledger and store.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare the folders, the ledger and the store with each other; with --repair, mend what differs.",
        discussion: """
            Finds files that the ledger does not know, entries without a file, documents without their passages or \
            vectors, passages without a document, and indices and totals that are wrong. Reads the database itself: \
            works while the daemon runs, of which it may see work that is not done yet, and while it does not. A \
            document whose removal was confirmed and is not done yet is counted and no difference.

            --repair needs the database for itself: stop the daemon first. It makes indices and totals anew, and has \
            files processed again by the next check of which something is missing. What is gone is treated as a check \
            would: nothing is removed of a folder that cannot be read, and many at once are held.

            Exit codes:
              0   everything agrees, or was mended up to what the next check does
              1   it could not be compared
              3   something does not agree
            """
    )

    @Flag(help: "Read every file, passage and vector, and compare their contents, too.")
    var deep = false

    @Flag(help: "Mend what differs.")
    var repair = false

    @Option(help: "Only the folder of this pipeline; the store is always compared as a whole.")
    var pipeline: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let config = try self.configuration.load()
        try self.configuration.require(self.pipeline, in: config)
        let report: VerificationReport
        do {
            let progress = ProgressLine(isWanted: !self.json)
            defer { progress.end() }
            let verification = Verification(
                config: config,
                pipeline: self.pipeline,
                isDeep: self.deep,
                logger: .ofCommand(above: progress)
            )
            let show = { (step: PassProgress) in progress.show(step.text) }
            report = try await self.repair ? verification.repair(show) : verification.compare(show)
        } catch {
            throw StandardError.report(error)
        }
        print(self.json ? report.json : report.text)
        guard report.isSettled else { throw ExitCode(VerificationReport.differenceExit) }
    }
}
