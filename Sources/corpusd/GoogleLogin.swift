import ArgumentParser
import Config
import Daemon
import SocketIO

/// `corpusd google-login`: gets the credentials of a person for a pipeline of `type: google_drive`.
struct GoogleLogin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "google-login",
        abstract: "Log in to Google in the browser, and write the file that 'credentials' of a pipeline names.",
        discussion: """
            The browser has to run on this machine, or its port has to be led here: 'ssh -L 8085:127.0.0.1:8085 HOST', \
            with '--port 8085'. Google lets corpusd read, and nothing else. Service accounts need no login. Needs \
            neither the daemon nor a database; the daemon reads the file at its next start.

            The file is that of --output, or else the one that 'credentials' names of the pipeline of type \
            'google_drive' in the configuration; --pipeline says which if there are several.
            """
    )

    @Option(help: "The file of an OAuth client of the type 'Desktop app'.", completion: .file(extensions: ["json"]))
    var client: String

    @Option(
        help: "The file to write, which only this user may read; otherwise that of the pipeline.",
        completion: .file(extensions: ["json"]))
    var output: String?

    @Option(help: "Write the file of this pipeline.")
    var pipeline: String?

    @Option(help: "The port on 127.0.0.1 to which the browser comes back; 0 is any that is free.")
    var port = 0

    @Flag(help: "Print the outcome as JSON; the page to open is written to standard error all the same.")
    var json = false

    @OptionGroup var configuration: ConfigurationOption

    func validate() throws {
        if self.output != nil, self.pipeline != nil { throw ValidationError("Give --output or --pipeline.") }
        guard (0...65_535).contains(self.port) else { throw ValidationError("--port must be 0 to 65535.") }
    }

    func run() async throws {
        let output = try self.output ?? self.credentials(in: try self.configuration.load())
        do {
            let desk = try await GoogleLoginDesk(client: self.client, port: self.port)
            StandardError.print("Open this page in a browser and consent:\n\n\(desk.consentPage)\n")
            try await desk.finish(output: output)
            print(self.json ? Self.json(output) : self.text(output))
        } catch {
            throw StandardError.report(error)
        }
    }

    private static func json(_ output: String) -> String {
        String(decoding: JSONValue.object(["output": .string(output)]).encoded(), as: UTF8.self)
    }

    private func text(_ output: String) -> String {
        let written = "Wrote '\(TerminalText.printable(output))'"
        return self.output == nil
            ? "\(written); restart the service to use it." : "\(written); name it in 'credentials' of a pipeline."
    }

    /// The file that the pipeline names.
    private func credentials(in config: Config) throws -> String {
        try self.configuration.require(self.pipeline, in: config)
        let files = config.pipelines.filter { self.pipeline == nil || $0.id == self.pipeline }
            .compactMap { $0.drive?.credentials }
        guard let file = files.first, files.count == 1 else {
            let fault = files.isEmpty ? "no such pipeline is" : "several pipelines are"
            StandardError.print(
                "corpusd: error: \(fault) of type 'google_drive' in '\(self.configuration.config)'; "
                    + "give --output, or --pipeline with the id of one that is")
            throw ExitCode(ExitStatus.usage.rawValue)
        }
        return file
    }
}
