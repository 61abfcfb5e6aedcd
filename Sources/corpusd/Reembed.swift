import ArgumentParser
import Config
import Daemon
import Ingest
import Logging
import SocketIO

/// `corpusd reembed`: makes the vectors of another model, beside those that serve.
struct Reembed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make all vectors anew with the configured model, while the old ones serve.",
        discussion: """
            For after a change of 'embedding' in the configuration. The running service goes on with the configuration \
            that it started with, and so does its search; none is needed, as this reads the database itself. New vectors are kept beside the database, in a file whose \
            name ends with .reembed: after Ctrl-C the same command goes on from there. When all are made and no service \
            has the database, it is changed over at once, in one transaction; else the next start of the service does it.
            """
    )

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let config = try self.configuration.load()
        do {
            self.tell(try await self.outcome(config))
        } catch {
            throw StandardError.report(error)
        }
    }

    private func outcome(_ config: Config) async throws -> Reembedding.Outcome {
        let line = ProgressLine(isWanted: !self.json)
        defer { line.end() }
        let reembedding = try await Reembedding(config: config, logger: .ofCommand(above: line))
        return try await reembedding.run { progress in
            switch progress {
            case .passages(let done, let total): line.show("\(done) of \(total.counted("passage"))")
            case .waiting(let reason): line.tell("corpusd: waiting: \(TerminalText.printable(reason))\n")
            }
        }
    }

    private func tell(_ outcome: Reembedding.Outcome) {
        guard !self.json else {
            let answer: JSONValue = .object([
                "state": .string(outcome.state.rawValue), "model": .string(outcome.model),
                "passages": .int(outcome.passages), "embedded": .int(outcome.embedded),
            ])
            return print(String(decoding: answer.encoded(), as: UTF8.self))
        }
        switch outcome.state {
        case .current: print("nothing to do: the vectors are those of \(outcome.model)")
        case .switched:
            print("\(outcome.embedded.counted("text")) embedded; the database has the vectors of \(outcome.model) now")
        case .ready:
            print(
                "\(outcome.embedded.counted("text")) embedded; the vectors of \(outcome.model) are ready: "
                    + "restart the service to change over ('systemctl restart corpusd')"
            )
        }
    }
}
