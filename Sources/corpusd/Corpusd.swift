import ArgumentParser
import Daemon

/// `corpusd`: the command line.
struct Corpusd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corpusd",
        abstract: "Keeps document folders searchable and shows, live, what it is doing.",
        discussion: """
            Exit codes: 0 all well, 1 something failed at run time, 64 the command line is wrong or names a pipeline \
            that is not configured, 65 the database cannot be used by this program, 78 the configuration is wrong. \
            'corpusd status' and 'corpusd verify' add 3: a pipeline is in trouble, something does not agree. 'corpusd \
            scan --once' has codes of its own: 1 files failed, 2 the configuration is wrong, 3 credentials are refused.
            """,
        version: Version.current,
        subcommands: [
            Serve.self, Check.self, GoogleLogin.self, Scan.self, Plan.self, Search.self, Status.self, Files.self,
            Retry.self, Deletions.self, Verify.self, Reembed.self, ShowVersion.self,
        ]
    )
}
