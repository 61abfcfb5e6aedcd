import Config
import Ingest
import Logging
import NIOPosix

extension AccessControl {
    /// Reads every token that the configuration names, and the machine's own; off the cooperative pool.
    ///
    /// - Throws: `SecretProblem` when a token that somebody configured cannot be used.
    convenience init(config: Config, logger: Logger) async throws {
        let auth = config.server.auth
        let (tokens, problem) = try await NIOThreadPool.singleton.runIfActive {
            var tokens = try auth.tokens.map { token in
                AccessToken(
                    name: token.name,
                    secret: try token.place.readSecret(),
                    grant: Grant(
                        role: token.role == .control ? .control : .read,
                        pipelines: token.pipelines.map { Set($0.map { PipelineID($0) }) }
                    )
                )
            }
            var problem: SecretProblem?
            do throws(SecretProblem) {
                let secret = try LocalToken.readOrMake(for: config)
                tokens.append(
                    AccessToken(name: "local", secret: secret, grant: Grant(role: .control), isLocal: true)
                )
            } catch {
                problem = error
            }
            return (tokens, problem)
        }
        if let problem {
            logger.warning(
                "Commands on this machine cannot control the daemon without a token of their own.",
                metadata: ["error": "\(problem)"]
            )
        }
        self.init(
            anonymous: auth.anonymous == .read ? Grant(role: .read) : nil,
            tokens: tokens,
            logger: logger
        )
    }
}
