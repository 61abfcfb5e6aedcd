import ArgumentParser
import Config
import Daemon
import Ingest
import Logging

/// `corpusd deletions`: what to do about documents whose files went many at once.
struct Deletions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, confirm or discard deletions that wait for a decision.",
        discussion: """
            When many files are gone at once, as after a mistake or when a disk is missing, their documents stay \
            searchable until someone decides or the files are back. Works while the daemon runs and while it does not: \
            the list is read from the database, decisions are carried out by the daemon or else in the database.
            """,
        subcommands: [List.self, Confirm.self, Discard.self],
        defaultSubcommand: List.self
    )

    /// What all of them take.
    struct Options: ParsableArguments {
        @Option(help: "Only documents of this pipeline.")
        var pipeline: String?

        @OptionGroup var configuration: ConfigurationOption

        /// - Throws: `ExitCode`, after what is wrong has been printed.
        func desk() throws -> DeletionDesk {
            let config = try self.configuration.load()
            try self.configuration.require(self.pipeline, in: config)
            return DeletionDesk(config: config, pipeline: self.pipeline, logger: .ofCommand)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show which documents have lost their files.",
            discussion: "Reads the database itself: works while the daemon runs and while it does not.")

        @Flag(help: "Print JSON, the same as GET /api/deletions answers.")
        var json = false

        @OptionGroup var options: Options

        func run() async throws {
            let desk = try self.options.desk()
            do {
                let report = try await desk.list()
                print(self.json ? report.json : report.text)
            } catch {
                throw StandardError.report(error)
            }
        }
    }

    struct Confirm: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove the documents: their files were meant to go.",
            discussion: "Asks the running daemon, which removes them one by one; without one, they are removed at once."
        )

        @Flag(help: "Remove those too that 'discard' has kept before.")
        var kept = false

        @Flag(help: "Print JSON, the same as POST /api/deletions/confirm answers.")
        var json = false

        @OptionGroup var options: Options

        func run() async throws {
            let desk = try self.options.desk()
            do {
                let count = try await desk.confirm(includingKept: self.kept)
                print(self.json ? "{\"confirmed\":\(count)}" : "\(count.counted("document")) confirmed for removal")
            } catch {
                throw StandardError.report(error)
            }
        }
    }

    struct Discard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep the documents without their files; nobody is asked again until those come back.",
            discussion: "Asks the running daemon; without one, it is noted in the database."
        )

        @Flag(help: "Print JSON, the same as POST /api/deletions/discard answers.")
        var json = false

        @OptionGroup var options: Options

        func run() async throws {
            let desk = try self.options.desk()
            do {
                let count = try await desk.discard()
                print(self.json ? "{\"discarded\":\(count)}" : "\(count.counted("document")) kept")
            } catch {
                throw StandardError.report(error)
            }
        }
    }
}
