import ArgumentParser
import Daemon

/// `corpusd google-login`: gets the credentials of a person for a pipeline of `type: google_drive`.
struct GoogleLogin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "google-login",
        abstract: "Log in to Google in the browser, and write the file that 'credentials' of a pipeline names.",
        discussion: """
            The browser has to run on this machine, or its port has to be led here: 'ssh -L 8085:127.0.0.1:8085 HOST', \
            with '--port 8085'. Google lets corpusd read, and nothing else. Service accounts need no login.
            """
    )

    @Option(help: "The file of an OAuth client of the type 'Desktop app'.", completion: .file(extensions: ["json"]))
    var client: String

    @Option(help: "The file to write; only this user may read it.", completion: .file(extensions: ["json"]))
    var output: String

    @Option(help: "The port on 127.0.0.1 to which the browser comes back; 0 is any that is free.")
    var port = 0

    func validate() throws {
        guard (0...65_535).contains(self.port) else { throw ValidationError("--port must be 0 to 65535.") }
    }

    func run() async throws {
        do {
            let desk = try await GoogleLoginDesk(client: self.client, port: self.port)
            StandardError.print("Open this page in a browser and consent:\n\n\(desk.consentPage)\n")
            try await desk.finish(output: self.output)
            print("Wrote '\(self.output)'; name it in 'credentials' of a pipeline.")
        } catch {
            throw StandardError.report(error)
        }
    }
}
