import Glibc
import SystemPackage

/// Looks at the folder: blocking calls that follow no symbolic link below it, or only those that stay within it.
///
/// Each look begins at the folder's own path and goes down component by component, so that a directory which is
/// swapped for a link in the middle leads nowhere else.
package struct FolderReader: Sendable {
    private let folder: WatchedFolder
    private let followsLinks: Bool
    private let remote: RemoteFileSystems

    /// - Parameters:
    ///   - folder: Where every look begins.
    ///   - followsLinks: Whether symbolic links are followed whose targets lie below the folder.
    ///   - remote: Remembers which file systems inotify says too little of.
    package init(
        folder: WatchedFolder,
        followsLinks: Bool = false,
        remote: RemoteFileSystems = RemoteFileSystems()
    ) {
        self.folder = folder
        self.followsLinks = followsLinks
        self.remote = remote
    }

    /// Watches a directory, then reads it, so that nothing can happen in between unnoticed.
    ///
    /// - Parameters:
    ///   - directory: Which.
    ///   - watch: Adds the watch to an open directory; nil when there is none to be had. Not called for a directory that
    ///     was reached through a link: the kernel has one watch for each, which belongs to its own path.
    /// - Returns: All of its entries, by name.
    /// - Throws: `.folder` when the folder itself cannot be opened, `.directory` when this one cannot be read,
    ///   `.ignoreFile` when its `.corpusignore` cannot.
    package func list(
        _ directory: RelativePath,
        watch: (CInt) -> Int32?
    ) throws(LookError) -> DirectoryListing {
        if directory.isRoot { self.remote.refresh() }
        var descent = try self.descent()
        do {
            for name in directory.components { try descent.enter(name) }
            let opened = try descent.openForReading()
            let status = try opened.status()
            let device = UInt64(status.st_dev)
            let isBlind = descent.isLinked || self.remote.contains(device: device)
            let watch = descent.isLinked ? nil : watch(opened.raw)
            var contents = DirectoryContents()
            try contents.read(opened, descent: descent)
            return DirectoryListing(
                device: device,
                inode: UInt64(status.st_ino),
                watch: watch,
                blindness: isBlind ? .tree : contents.hasLinkedFiles ? .linkedFiles : .none,
                ignoreFile: try Self.ignoreFile(among: contents.entries, in: descent),
                entries: contents.entries
            )
        } catch let error as Errno {
            throw .directory(error)
        } catch let error as LookError {
            throw error
        } catch {
            throw .directory(.ioError)
        }
    }

    /// Looks at files; one state for each path, in the same order.
    ///
    /// - Throws: `.folder` when the folder itself cannot be opened.
    package func examine(_ paths: [RelativePath]) throws(LookError) -> [FileState] {
        let root = try self.openFolder()
        var states: [FileState] = []
        for path in paths { states.append(self.examine(path, below: root)) }
        return states
    }

    /// Whether the folder can be opened and read.
    package var canOpenFolder: Bool {
        do throws(LookError) {
            _ = try self.openFolder()
            return true
        } catch {
            return false
        }
    }

    /// Whether a file can be opened for reading.
    package func canRead(_ path: RelativePath) -> Bool {
        do throws(LookError) {
            _ = try self.open(file: path)
            return true
        } catch {
            return false
        }
    }

    /// Opens a file for reading, without waiting for a writer if it is a FIFO.
    func open(file path: RelativePath) throws(LookError) -> OwnedDescriptor {
        var descent = try self.descent()
        do throws(Errno) {
            for name in path.components.dropLast() { try descent.enter(name) }
            return try descent.open(file: path.name, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
        } catch {
            throw .directory(error)
        }
    }

    /// The beginning of a way down.
    private func descent() throws(LookError) -> FolderDescent {
        let root = try self.openFolder()
        do throws(Errno) {
            return try FolderDescent(root: root, followsLinks: self.followsLinks)
        } catch {
            throw .folder(error)
        }
    }

    private func openFolder() throws(LookError) -> OwnedDescriptor {
        do throws(Errno) {
            let path = self.folder.bytes(of: .root).map { CChar(bitPattern: $0) } + [0]
            return try OwnedDescriptor(Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        } catch {
            throw .folder(error)
        }
    }

    private func examine(_ path: RelativePath, below root: borrowing OwnedDescriptor) -> FileState {
        do throws(Errno) {
            var descent = try FolderDescent(
                root: try OwnedDescriptor(fcntl(root.raw, F_DUPFD_CLOEXEC, 0)),
                followsLinks: self.followsLinks
            )
            var ancestor = RelativePath.root
            do throws(Errno) {
                for name in path.components.dropLast() {
                    try descent.enter(name)
                    ancestor = ancestor.appending(name)
                }
                guard case .file(let fingerprint) = try descent.look(at: path.name) else { return .other }
                return .file(fingerprint)
            } catch .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels {
                return .absent(ancestor: ancestor, device: UInt64(try descent.status().st_dev))
            }
        } catch {
            return .unknown(error)
        }
    }

    /// Reads the `.corpusignore` if there is one among the entries of a directory.
    private static func ignoreFile(
        among entries: [DirectoryListing.Entry],
        in descent: borrowing FolderDescent
    ) throws(LookError) -> IgnoreFile? {
        let entry = entries.first { $0.name == IgnoreFile.name }
        guard case .file? = entry?.kind else { return nil }
        do throws(Errno) {
            let file = try descent.open(file: IgnoreFile.name[...], flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
            return IgnoreFile(try file.contents(limit: IgnoreFile.sizeLimit))
        } catch .noSuchFileOrDirectory {
            return nil
        } catch {
            throw .ignoreFile(error)
        }
    }
}
