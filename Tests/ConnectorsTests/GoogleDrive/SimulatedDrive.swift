import Connectors

/// A Drive in memory that changes at random: what a tree must come to, told by brute force.
struct SimulatedDrive {
    static let root = "root"
    private(set) var items: [String: DriveFile] = [:]
    /// Ids of what changed, as a change log has them: no entry for what lies in a folder that changed.
    private(set) var log: [String] = []
    private var lastID = 0
    private var lastVersion: Int64 = 0
    private var generator: any RandomNumberGenerator

    init(generator: any RandomNumberGenerator) { self.generator = generator }

    /// Creates, renames, moves, trashes, restores or deletes something.
    mutating func change() {
        let ids = self.items.keys.sorted()
        switch Int.random(in: 0..<12, using: &self.generator) {
        case 0...2: self.create(DriveFile.folderType)
        case 3...5: self.create("text/plain")
        case 6: self.create(DriveFile.shortcutType)
        case 7: self.update(ids) { $0.name += "'" }
        case 8, 9: self.move(ids)
        case 10: self.trash(ids)
        default: if let id = ids.randomElement(using: &self.generator) { self.delete(id) }
        }
    }

    /// What is in a folder, and in no trash.
    func children(of folder: String) -> [DriveFile] {
        self.items.values.filter { $0.parents == [folder] && !self.isTrashed($0) }
    }

    /// The entries of the log from a position on, each with what its item is now.
    func changes(from position: Int) -> [DriveChange] {
        self.log[position...].map { id in
            guard var item = self.items[id] else { return DriveChange(removed: id) }
            item.isTrashed = self.isTrashed(item)
            return DriveChange(file: item)
        }
    }

    /// An item as `files.get` tells of it.
    func get(_ id: String) -> DriveFile? {
        guard var item = self.items[id] else { return nil }
        item.isTrashed = self.isTrashed(item)
        return item
    }

    /// The ids of all files that belong to the tree: below the root, or behind shortcuts that do.
    var members: Set<String> { self.walk().files }

    private var reachableFolders: Set<String> { self.walk().folders }

    private func walk() -> (folders: Set<String>, files: Set<String>) {
        var folders: Set<String> = [Self.root]
        var files: Set<String> = []
        var waiting = [Self.root]
        while let folder = waiting.popLast() {
            for child in self.children(of: folder) {
                let target = child.isShortcut ? self.get(child.shortcut?.targetId ?? "") : child
                guard let target, !target.isTrashed, !target.isShortcut else { continue }
                if !target.isFolder {
                    files.insert(target.id)
                } else if folders.insert(target.id).inserted {
                    waiting.append(target.id)
                }
            }
        }
        return (folders, files)
    }

    private func isTrashed(_ item: DriveFile) -> Bool {
        if item.isTrashed { return true }
        guard let parent = item.parents.first.flatMap({ self.items[$0] }) else { return false }
        return self.isTrashed(parent)
    }

    private mutating func create(_ type: String) {
        self.lastID += 1
        let ids = self.items.keys.sorted()
        // One in five is made outside of the watched folder.
        let parents = self.items.values.filter(\.isFolder).map(\.id).sorted() + [Self.root, Self.root, "outside"]
        var item = DriveFile(id: "i\(self.lastID)", name: "n\(self.lastID)", mimeType: type)
        item.parents = [parents.randomElement(using: &self.generator) ?? Self.root]
        if item.isShortcut { item.shortcut = .init(targetId: ids.randomElement(using: &self.generator) ?? "nothing") }
        self.put(item)
    }

    private mutating func update(_ ids: [String], _ body: (inout DriveFile) -> Void) {
        guard let id = ids.randomElement(using: &self.generator), var item = self.items[id] else { return }
        body(&item)
        self.put(item)
    }

    /// Puts something into the trash, or takes it out.
    private mutating func trash(_ ids: [String]) {
        guard let id = ids.randomElement(using: &self.generator), var item = self.items[id] else { return }
        item.isTrashed.toggle()
        self.put(item)
        self.logTargets(in: item)
    }

    /// Logs what shortcuts point to in a folder elsewhere.
    ///
    /// No log of Drive tells what happens to the folders around a target: a source finds it by a complete listing.
    private mutating func logTargets(in folder: DriveFile) {
        guard folder.isFolder, !self.reachableFolders.contains(folder.parents.first ?? "") else { return }
        let targets = Set(self.items.values.compactMap { $0.shortcut?.targetId })
        for other in self.items.values where targets.contains(other.id) && self.isWithin(other, folder.id) {
            self.log.append(other.id)
        }
    }

    private mutating func move(_ ids: [String]) {
        guard let id = ids.randomElement(using: &self.generator), var item = self.items[id] else { return }
        self.logTargets(in: item)
        let targets = self.items.values.filter { $0.isFolder && !self.isWithin($0, id) }.map(\.id).sorted()
        item.parents = [(targets + [Self.root, "outside"]).randomElement(using: &self.generator) ?? Self.root]
        self.put(item)
    }

    private func isWithin(_ item: DriveFile, _ folder: String) -> Bool {
        if item.id == folder { return true }
        guard let parent = item.parents.first.flatMap({ self.items[$0] }) else { return false }
        return self.isWithin(parent, folder)
    }

    private mutating func delete(_ id: String) {
        for child in self.items.values where child.parents == [id] { self.delete(child.id) }
        self.items[id] = nil
        self.log.append(id)
    }

    private mutating func put(_ item: DriveFile) {
        self.lastVersion += 1
        self.items[item.id] = item
        self.items[item.id]?.version = self.lastVersion
        self.log.append(item.id)
    }
}
