import ArgumentParser
import Daemon

/// `corpusd`: the command line.
struct Corpusd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corpusd",
        abstract: "Keeps document folders searchable and shows, live, what it is doing.",
        discussion: """
            Exit codes: 0 all well, 1 something failed at run time, 64 the command line is wrong, 65 the database \
            cannot be used by this program, 78 the configuration is wrong. 'corpusd status' adds 3: a pipeline is in \
            trouble.
            """,
        version: Version.current,
        subcommands: [
            Serve.self, Check.self, Search.self, Status.self, Files.self, Retry.self, Deletions.self, Reembed.self,
            ShowVersion.self,
        ]
    )
}
