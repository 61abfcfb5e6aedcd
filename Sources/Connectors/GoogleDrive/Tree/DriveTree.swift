/// What is known of a Drive below the watched folders: folders, files and shortcuts, and where each is reached.
///
/// A file belongs to it if a chain of parents leads to a watched folder, or if a shortcut that belongs to it points to
/// it. A shortcut to a folder brings in all of that folder, once, however often shortcuts lead to it or in circles.
/// Knows nothing of the network: listings and changes are put in, places are read out.
package struct DriveTree: Sendable {
    /// A watched folder.
    package struct Root: Hashable, Sendable {
        package var id: String
        /// What stands before the paths in it; empty when it is the only one.
        package var prefix: String
        package var driveID: String?

        package init(id: String, prefix: String = "", driveID: String? = nil) {
            self.id = id
            self.prefix = prefix
            self.driveID = driveID
        }
    }

    /// A folder that belongs to the tree.
    struct Folder: Equatable, Sendable {
        /// Empty, or ends with a slash.
        var prefix: String
        var driveID: String?
    }

    package let roots: [Root]
    /// Whether to look into a folder with this path.
    let admitsFolder: @Sendable (String) -> Bool
    /// Every item that belongs to the tree, and some that may soon.
    var items: [String: DriveFile] = [:]
    /// Ids of the items in each folder.
    var children: [String: Set<String>] = [:]
    /// Ids of the shortcuts to each target.
    var shortcuts: [String: Set<String>] = [:]
    /// The folders that belong to the tree; recomputed by `settle`.
    var folders: [String: Folder] = [:]
    /// Folders whose children are all known.
    private(set) var listed: Set<String> = []
    /// Targets of shortcuts that cannot be had.
    private var brokenTargets: Set<String> = []
    /// Ids of files whose place or content may have changed since `takeTouched`.
    private var touched: Set<String> = []
    private var texts = SharedTexts()
    /// Whether folders or shortcuts changed since `settle`.
    private var isStructureChanged = true

    package init(roots: [Root], admitsFolder: @escaping @Sendable (String) -> Bool) {
        self.roots = roots
        self.admitsFolder = admitsFolder
    }

    /// Takes in what Drive says an item is now; an older version than the known one is left aside.
    package mutating func put(_ item: DriveFile) {
        let known = self.items[item.id]
        if let known, known.version > item.version { return }
        guard !item.isTrashed else { return self.remove(item.id) }
        let isPlaced = item.parents.contains { self.folders[$0] != nil }
        let isRoot = self.roots.contains { $0.id == item.id }
        guard known != nil || isPlaced || isRoot || self.shortcuts[item.id] != nil else {
            // A folder elsewhere: what was in the trash with it may be back.
            if item.isFolder { self.brokenTargets = [] } else { self.brokenTargets.remove(item.id) }
            return
        }
        if let known { self.unlink(known) }
        guard item.isFolder || isPlaced || self.shortcuts[item.id] != nil else {
            self.items[item.id] = nil
            if known?.isShortcut == false { self.touched.insert(item.id) }
            self.isStructureChanged = self.isStructureChanged || known?.isShortcut == true || known?.isFolder == true
            return
        }
        self.link(self.texts.sharing(item))
        self.brokenTargets.remove(item.id)
        if !item.isFolder && !item.isShortcut { self.touched.insert(item.id) }
        self.isStructureChanged =
            self.isStructureChanged || item.isFolder || item.isShortcut || known?.isFolder == true
            || known?.isShortcut == true || (!isPlaced && !isRoot)
    }

    /// The item is gone, in the trash, or out of sight; and so is all that lies in it.
    package mutating func remove(_ id: String) {
        var waiting = [id]
        while let id = waiting.popLast() {
            guard let item = self.items[id] else { continue }
            waiting += self.children[id] ?? []
            self.unlink(item)
            self.items[id] = nil
            self.listed.remove(id)
            if item.isFolder || item.isShortcut { self.isStructureChanged = true } else { self.touched.insert(id) }
        }
    }

    /// All children of a folder have been put in.
    package mutating func didList(_ folder: String) { self.listed.insert(folder) }

    /// The target of a shortcut cannot be had.
    package mutating func didMiss(target id: String) { self.brokenTargets.insert(id) }

    /// Files that belong to the tree by shortcuts alone, whose details are still unknown.
    package var missingTargets: [String] {
        self.shortcuts.keys.filter { target in
            self.items[target] == nil && !self.brokenTargets.contains(target) && self.isReachedByShortcut(target)
        }.sorted()
    }

    /// Folders that belong to the tree and whose children are not known yet.
    package var unlistedFolders: [(id: String, driveID: String?)] {
        self.folders.lazy.filter { !self.listed.contains($0.key) }.map { ($0.key, $0.value.driveID) }
            .sorted { $0.0 < $1.0 }
    }

    /// Ids of files whose documents may differ from what was offered, since the last call.
    package mutating func takeTouched() -> Set<String> {
        self.settle()
        defer { self.touched = [] }
        for id in self.touched {
            guard let item = self.items[id], !item.isFolder, !item.isShortcut, self.path(ofFile: id) == nil else {
                continue
            }
            self.forget(item)
        }
        return self.touched
    }

    /// Works out which folders belong to the tree, after they or the shortcuts changed.
    package mutating func settle() {
        guard self.isStructureChanged else { return }
        self.isStructureChanged = false
        let before = self.folders
        self.folders = self.reachableFolders()
        self.markMoved(since: before)
        self.prune(since: before)
    }

    /// Files of folders that came, went or moved have another place now.
    private mutating func markMoved(since before: [String: Folder]) {
        for (id, folder) in before where self.folders[id] != folder { self.touchFiles(in: id) }
        for (id, folder) in self.folders where before[id] == nil || before[id] != folder { self.touchFiles(in: id) }
    }

    private mutating func touchFiles(in folder: String) {
        for child in self.children[folder] ?? [] {
            guard let item = self.items[child] else { continue }
            if let target = item.shortcut?.targetId { self.touched.insert(target) }
            if !item.isFolder { self.touched.insert(child) }
        }
    }

    /// Forgets the folders that belong to the tree no longer, with the shortcuts in them.
    private mutating func prune(since before: [String: Folder]) {
        for folder in before.keys where self.folders[folder] == nil {
            self.listed.remove(folder)
            for child in self.children[folder] ?? [] {
                guard let item = self.items[child] else { continue }
                if item.isShortcut, !item.parents.contains(where: { self.folders[$0] != nil }) {
                    self.remove(child)
                } else if item.isFolder, self.folders[child] == nil, before[child] == nil {
                    self.forget(item)
                }
            }
            if let item = self.items[folder], self.shortcuts[folder] == nil { self.forget(item) }
        }
        // Shortcuts that went with a folder leave their targets behind.
        self.settle()
    }

    private mutating func forget(_ item: DriveFile) {
        self.unlink(item)
        self.items[item.id] = nil
    }

    private mutating func link(_ item: DriveFile) {
        self.items[item.id] = item
        for parent in item.parents { self.children[parent, default: []].insert(item.id) }
        if let target = item.shortcut?.targetId {
            self.shortcuts[target, default: []].insert(item.id)
            self.touched.insert(target)
        }
    }

    private mutating func unlink(_ item: DriveFile) {
        for parent in item.parents {
            self.children[parent]?.remove(item.id)
            if self.children[parent]?.isEmpty == true { self.children[parent] = nil }
        }
        guard let target = item.shortcut?.targetId else { return }
        self.shortcuts[target]?.remove(item.id)
        if self.shortcuts[target]?.isEmpty == true {
            self.shortcuts[target] = nil
            // Nobody is told what happens to it from now on: the next shortcut to it is worth another look.
            self.brokenTargets.remove(target)
        }
        self.touched.insert(target)
    }
}
