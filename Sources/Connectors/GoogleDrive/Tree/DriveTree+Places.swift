extension DriveTree {
    /// Where a file is reached, by its parents first and by shortcuts second; nil if it does not belong to the tree.
    ///
    /// - Returns: The path below the watch location. A slash in a name is U+2215: it is no separator.
    package func path(ofFile id: String) -> String? {
        guard let item = self.items[id], !item.isFolder, !item.isShortcut, !item.isTrashed else { return nil }
        if let prefix = self.prefix(of: item) { return prefix + Self.component(item.name) }
        return self.shortcutPaths(to: id).min()
    }

    /// The file with this id, if it belongs to the tree.
    package func file(_ id: String) -> DriveFile? { self.items[id] }

    /// Ids of everything known, folders and shortcuts among it.
    package var ids: Dictionary<String, DriveFile>.Keys { self.items.keys }

    /// The keys that requests for an item need: its own and those of the shortcuts to it.
    package func resourceKeys(of id: String) -> [String: String] {
        if let key = self.items[id]?.resourceKey { return [id: key] }
        for shortcut in self.shortcuts[id] ?? [] {
            if let key = self.items[shortcut]?.shortcut?.targetResourceKey { return [id: key] }
        }
        return [:]
    }

    func isReachedByShortcut(_ target: String) -> Bool {
        (self.shortcuts[target] ?? []).contains { shortcut in
            self.items[shortcut].flatMap { self.prefix(of: $0) } != nil
        }
    }

    /// Walks from the roots, breadth first; shortcuts are followed only after all that is reached without them.
    func reachableFolders() -> [String: Folder] {
        var found: [String: Folder] = [:]
        var detours: [(id: String, folder: Folder)] = []
        for root in self.roots {
            let folder = Folder(prefix: root.prefix, driveID: root.driveID)
            self.walk(from: [(root.id, folder)], into: &found, detours: &detours)
        }
        while !detours.isEmpty {
            let next = detours.sorted { ($0.folder.prefix, $0.id) < ($1.folder.prefix, $1.id) }
            detours = []
            for detour in next where found[detour.id] == nil {
                self.walk(from: [detour], into: &found, detours: &detours)
            }
        }
        return found
    }

    private func walk(
        from start: [(id: String, folder: Folder)],
        into found: inout [String: Folder],
        detours: inout [(id: String, folder: Folder)]
    ) {
        var waiting = start[...]
        while let (id, folder) = waiting.popFirst() {
            guard found[id] == nil else { continue }
            found[id] = folder
            for child in self.children[id] ?? [] {
                guard let item = self.items[child] else { continue }
                let path = folder.prefix + Self.component(item.name)
                let target = item.shortcut?.targetId
                guard item.isFolder || (target != nil && self.items[target ?? ""]?.isFolder == true),
                    self.admitsFolder(path)
                else { continue }
                if item.isFolder {
                    waiting.append((child, Folder(prefix: path + "/", driveID: item.driveID)))
                } else if let target {
                    detours.append((target, Folder(prefix: path + "/", driveID: self.items[target]?.driveID)))
                }
            }
        }
    }

    /// The prefix of the first of an item's parents that belongs to the tree.
    private func prefix(of item: DriveFile) -> String? {
        item.parents.lazy.compactMap { self.folders[$0]?.prefix }.first
    }

    private func shortcutPaths(to target: String) -> [String] {
        (self.shortcuts[target] ?? []).compactMap { id in
            guard let shortcut = self.items[id], let prefix = self.prefix(of: shortcut) else { return nil }
            return prefix + Self.component(shortcut.name)
        }
    }

    /// A name as one component of a path.
    package static func component(_ name: String) -> String {
        guard name.unicodeScalars.contains("/") else { return name.isEmpty ? "_" : name }
        return String(String.UnicodeScalarView(name.unicodeScalars.map { $0 == "/" ? "\u{2215}" : $0 }))
    }
}
