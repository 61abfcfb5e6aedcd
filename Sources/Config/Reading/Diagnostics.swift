/// Collects what is wrong with one file while it is being read.
final class Diagnostics {
    private let file: String
    private var found: [Diagnostic] = []

    /// - Parameter file: The path to print.
    init(file: String) { self.file = file }

    func report(_ message: String, at mark: Mark?) {
        self.found.append(Diagnostic(file: self.file, mark: mark, message: message))
    }

    /// Everything reported, and what ended the reading.
    func closed(by error: YAMLError) -> InvalidConfiguration {
        self.report(error.message, at: error.mark)
        return InvalidConfiguration(self.found)
    }

    /// Ends the reading if anything was reported.
    func check() throws(InvalidConfiguration) {
        guard self.found.isEmpty else { throw InvalidConfiguration(self.found) }
    }
}
