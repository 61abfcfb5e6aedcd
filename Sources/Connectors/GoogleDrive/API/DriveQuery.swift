/// One `files.list` request: the children of some folders, a page of them.
package struct DriveQuery: Hashable, Sendable {
    /// The most folders that one query asks for.
    ///
    /// Longer queries are refused.
    package static let groupLimit = 50

    /// Folder ids, 1 to `groupLimit`.
    package var parents: [String]
    /// The shared drive that all of them are in; nil for My Drive and what others share.
    package var driveID: String?
    package var pageToken: String?

    package init(parents: [String], driveID: String?, pageToken: String? = nil) {
        self.parents = parents
        self.driveID = driveID
        self.pageToken = pageToken
    }

    /// The search expression: `('a' in parents or 'b' in parents) and trashed=false`.
    package var expression: String {
        let parents = self.parents.map { "'\(Self.escaped($0))' in parents" }
        guard parents.count > 1 else { return "\(parents.joined()) and trashed=false" }
        return "(\(parents.joined(separator: " or "))) and trashed=false"
    }

    /// A text as it stands between the quotes of a search expression.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            if character == "'" || character == "\\" { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
