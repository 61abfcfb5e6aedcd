import DequeModule

/// Lists folders breadth first: many in one query, page after page.
///
/// Drive sometimes answers a query for several folders with nothing although they have children: each of them is then
/// asked for by itself. Knows nothing of the network.
package struct DriveListing: Sendable {
    private var queries: Deque<DriveQuery> = []
    /// Whether any answer was incomplete: what is missing then may still exist.
    package private(set) var isIncomplete = false

    package init() {}

    /// The next request; nil when everything has been listed.
    package var next: DriveQuery? { self.queries.first }

    /// Adds folders to list.
    package mutating func add(_ folders: [(id: String, driveID: String?)]) {
        var groups: [String?: [String]] = [:]
        for folder in folders { groups[folder.driveID, default: []].append(folder.id) }
        for (drive, ids) in groups.sorted(by: { ($0.key ?? "") < ($1.key ?? "") }) {
            for start in stride(from: 0, to: ids.count, by: DriveQuery.groupLimit) {
                let group = Array(ids[start..<min(start + DriveQuery.groupLimit, ids.count)])
                self.queries.append(DriveQuery(parents: group, driveID: drive))
            }
        }
    }

    /// The answer to `next` arrived.
    ///
    /// - Returns: The folders that are listed completely now.
    package mutating func didList(_ page: DriveFileList) -> [String] {
        guard var query = self.queries.popFirst() else { return [] }
        self.isIncomplete = self.isIncomplete || page.incompleteSearch == true
        if let token = page.nextPageToken {
            query.pageToken = token
            self.queries.prepend(query)
            return []
        }
        let isEmpty = query.pageToken == nil && page.files?.isEmpty ?? true
        guard isEmpty, query.parents.count > 1 else { return query.parents }
        for parent in query.parents.reversed() {
            self.queries.prepend(DriveQuery(parents: [parent], driveID: query.driveID))
        }
        return []
    }

    /// The folders of `next` cannot be listed: they are gone, or out of sight.
    ///
    /// - Returns: The folder that is lost; nil when several were asked for, which are then asked for one by one.
    package mutating func didFail() -> String? {
        guard let query = self.queries.popFirst() else { return nil }
        guard query.parents.count > 1 else { return query.parents.first }
        for parent in query.parents.reversed() {
            self.queries.prepend(DriveQuery(parents: [parent], driveID: query.driveID))
        }
        return nil
    }

    /// A page token was refused: the folders of `next` are listed again from their first page.
    package mutating func restartQuery() {
        guard var query = self.queries.popFirst() else { return }
        query.pageToken = nil
        self.queries.prepend(query)
    }
}
