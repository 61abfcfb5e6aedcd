package import SocketIO

/// Files as lines of text for people: state, attempts, path, and what went wrong.
package enum FileListing {
    /// One line for a file, a second one for its error.
    ///
    /// - Parameter file: An element of `files` of `GET /api/files`.
    /// - Returns: Without a line break at its end.
    package static func text(_ file: JSONValue) -> String {
        let state = file["state"]?.string ?? "?"
        let pipeline = file["pipeline_id"]?.string ?? "?"
        var line =
            "\(Self.padded(state, 9)) \(pipeline)  \(file["path"]?.string ?? "?")  [\(file["id"]?.string ?? "?")]"
        if let reason = file["skip_reason"]?.string { line += "\n          \(reason)" }
        if let error = file["error"], error != .null {
            let next = error["next_attempt_at"]?.string.map { "next at \($0)" } ?? "no further attempt"
            // What is no document's fault is not counted.
            let attempt = error["attempt"]?.int.flatMap { $0 > 0 ? "attempt \($0), " : nil } ?? ""
            line +=
                "\n          \(error["stage"]?.string ?? "?"), \(attempt)\(next): "
                + (error["message"]?.string ?? "?")
        }
        return line.split(separator: "\n").map { TerminalText.printable(String($0)) }.joined(separator: "\n")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
