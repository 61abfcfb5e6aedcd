package import SocketIO

/// Files as lines of text for people: state, attempts, path, and what went wrong.
package enum FileListing {
    /// One line for a file, a second one for its error.
    ///
    /// - Parameter file: An element of `files` of `GET /api/files`.
    /// - Returns: Without a line break at its end.
    package static func text(_ file: JSONValue) -> String {
        // Each by itself: a line break in a name must not look like another file.
        let text = { (json: JSONValue?) in TerminalText.printable(json?.string ?? "?") }
        var line =
            "\(Self.padded(text(file["state"]), 9)) \(text(file["pipeline_id"]))  \(text(file["path"]))  "
            + "[\(text(file["id"]))]"
        if let reason = file["skip_reason"]?.string { line += "\n          \(TerminalText.printable(reason))" }
        if let error = file["error"], error != .null {
            let next =
                error["next_attempt_at"]?.string.map { "next at \(TerminalText.printable($0))" }
                ?? "no further attempt"
            // What is no document's fault is not counted.
            let attempt = error["attempt"]?.int.flatMap { $0 > 0 ? "attempt \($0), " : nil } ?? ""
            line +=
                "\n          \(text(error["stage"])), \(attempt)\(next): \(text(error["message"]))"
        }
        return line
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
