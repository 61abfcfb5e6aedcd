import FoundationEssentials

/// How far the change logs have been followed: what the store keeps as the pipeline's cursor.
package struct DriveCursor: Equatable, Sendable, Codable {
    /// What was watched, and how; with another the cursor says nothing.
    package var scope: String
    /// The page token of each log: `user`, or the id of a shared drive.
    package var tokens: [String: String]

    /// Ids of the shared drives that were watched: one that is missing later takes no documents along.
    ///
    /// Nil in cursors of versions that did not keep it.
    package var sharedDrives: [String]?

    package init(scope: String, tokens: [String: String], sharedDrives: [String]?) {
        self.scope = scope
        self.tokens = tokens
        self.sharedDrives = sharedDrives
    }

    /// The name of the log of My Drive in `tokens`.
    package static let userLog = "user"

    /// Reads what `text` wrote; nil for anything else.
    package init?(_ text: String) {
        guard let cursor = try? JSONDecoder().decode(DriveCursor.self, from: Data(text.utf8)) else { return nil }
        self = cursor
    }

    package var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
