/// What many items have in common, kept once: types, drives, and the folders that they lie in.
struct SharedTexts: Sendable {
    private var texts: Set<String> = []
    /// By the only folder in each.
    private var parents: [String: [String]] = [:]

    /// The item, which is the same, but holds on to no copies.
    mutating func sharing(_ item: DriveFile) -> DriveFile {
        var item = item
        item.mimeType = self.texts.insert(item.mimeType).memberAfterInsert
        item.driveID = item.driveID.map { self.texts.insert($0).memberAfterInsert }
        if item.parents.count == 1, let parent = item.parents.first {
            if let known = self.parents[parent] { item.parents = known } else { self.parents[parent] = item.parents }
        }
        return item
    }
}
