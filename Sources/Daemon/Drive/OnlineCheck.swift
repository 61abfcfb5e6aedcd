package import Config
import Connectors
import Ingest
package import Logging
package import SocketIO

/// What `corpusd check --online` finds out of one Drive pipeline.
package struct OnlineCheck: Sendable {
    package let pipeline: String
    package let account: String
    /// Files that the pipeline would take.
    package let files: Int
    /// Whether Google listed everything.
    package let isComplete: Bool

    /// Logs in and lists, for every pipeline that needs the network.
    ///
    /// - Returns: In the order of the configuration.
    /// - Throws: The first thing that does not work, as an error whose description says what to do.
    package static func all(of config: Config, logger: Logger) async throws -> [OnlineCheck] {
        var checks: [OnlineCheck] = []
        for pipeline in config.pipelines {
            guard let drive = pipeline.drive else { continue }
            let survey = try await DriveSurvey(
                pipeline: drive.pipeline(of: pipeline),
                scope: try drive.scope(of: pipeline),
                access: try drive.access(),
                logger: logger
            )
            checks.append(
                OnlineCheck(
                    pipeline: pipeline.id,
                    account: survey.account,
                    files: survey.documents,
                    isComplete: !survey.isIncomplete
                )
            )
        }
        return checks
    }

    /// For people.
    package var text: String {
        let account = TerminalText.printable(self.account)
        let note = self.isComplete ? "" : ", and Google did not list everything"
        return "\(self.pipeline): \(account) sees \(self.files.counted("file"))\(note)"
    }

    package var json: JSONValue {
        .object([
            "pipeline_id": .string(self.pipeline), "account": .string(self.account), "files": .int(self.files),
            "complete": .bool(self.isComplete),
        ])
    }
}
