import Glibc
import SystemPackage

/// Looks at the folder: blocking calls that never follow a symbolic link below it.
///
/// Each look begins at the folder's own path and goes down component by component, so that a directory which is
/// swapped for a link in the middle leads nowhere else.
package struct FolderReader: Sendable {
    private let folder: WatchedFolder

    package init(folder: WatchedFolder) { self.folder = folder }

    /// Watches a directory, then reads it, so that nothing can happen in between unnoticed.
    ///
    /// - Parameters:
    ///   - directory: Which.
    ///   - watch: Adds the watch to an open directory; nil when there is none to be had.
    /// - Returns: All of its entries, by name.
    /// - Throws: `.folder` when the folder itself cannot be opened, `.directory` when this one cannot be read.
    package func list(
        _ directory: RelativePath,
        watch: (CInt) -> Int32?
    ) throws(LookError) -> DirectoryListing {
        let opened = try self.open(directory: directory)
        do throws(Errno) {
            let status = try opened.status()
            let watch = watch(opened.raw)
            let entries = try Self.entries(of: opened)
            return DirectoryListing(device: UInt64(status.st_dev), watch: watch, entries: entries)
        } catch {
            throw .directory(error)
        }
    }

    /// Looks at files; one state for each path, in the same order.
    ///
    /// - Throws: `.folder` when the folder itself cannot be opened.
    package func examine(_ paths: [RelativePath]) throws(LookError) -> [FileState] {
        let root = try self.openFolder()
        var states: [FileState] = []
        for path in paths { states.append(Self.examine(path, below: root)) }
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

    /// Opens a file for reading, without waiting for a writer if it is a FIFO.
    func open(file path: RelativePath) throws(LookError) -> OwnedDescriptor {
        let parent = try self.open(directory: path.parent ?? .root)
        do throws(Errno) {
            return try OwnedDescriptor.open(path.name, in: parent.raw, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
        } catch {
            throw .directory(error)
        }
    }
}

extension FolderReader {
    private func openFolder() throws(LookError) -> OwnedDescriptor {
        do throws(Errno) {
            let path = self.folder.bytes(of: .root).map { CChar(bitPattern: $0) } + [0]
            return try OwnedDescriptor(Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        } catch {
            throw .folder(error)
        }
    }

    private func open(directory: RelativePath) throws(LookError) -> OwnedDescriptor {
        var current = try self.openFolder()
        do throws(Errno) {
            // To pass through a directory takes less permission than to read it.
            let components = directory.components
            for (index, name) in components.enumerated() {
                let access = index == components.count - 1 ? O_RDONLY : OwnedDescriptor.passThrough
                current = try OwnedDescriptor.open(name, in: current.raw, flags: access | O_DIRECTORY)
            }
        } catch {
            throw .directory(error)
        }
        return current
    }

    /// Reads a directory to its end; an entry that goes while it is read is left out.
    private static func entries(of directory: borrowing OwnedDescriptor) throws(Errno) -> [DirectoryListing.Entry] {
        let copy = try OwnedDescriptor(fcntl(directory.raw, F_DUPFD_CLOEXEC, 0)).release()
        guard let stream = fdopendir(copy) else {
            let code = Errno(rawValue: errno)
            close(copy)
            throw code
        }
        defer { closedir(stream) }
        var entries: [DirectoryListing.Entry] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw Errno(rawValue: errno) }
                break
            }
            let name = Self.name(of: entry)
            if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { continue }
            if let kind = try Self.kind(of: name, type: entry.pointee.d_type, in: directory.raw) {
                entries.append(DirectoryListing.Entry(name: name, kind: kind))
            }
        }
        return entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
        withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
    }

    /// What an entry is; nil when it is there no longer.
    private static func kind(
        of name: [UInt8],
        type: UInt8,
        in directory: CInt
    ) throws(Errno) -> DirectoryListing.Kind? {
        switch Int(type) {
        case Int(DT_DIR): return .directory
        case Int(DT_REG), Int(DT_UNKNOWN): break
        default: return .other
        }
        do throws(Errno) {
            let status = try Self.status(of: name, in: directory)
            switch status.type {
            case mode_t(S_IFDIR): return .directory
            case mode_t(S_IFREG): return .file(FileFingerprint(status))
            default: return .other
            }
        } catch .noSuchFileOrDirectory {
            return nil
        }
    }

    private static func status(of name: some Collection<UInt8>, in directory: CInt) throws(Errno) -> stat {
        var status = stat()
        let path = name.map { CChar(bitPattern: $0) } + [0]
        guard fstatat(directory, path, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw Errno(rawValue: errno)
        }
        return status
    }

    private static func examine(_ path: RelativePath, below root: borrowing OwnedDescriptor) -> FileState {
        do throws(Errno) {
            var ancestor = RelativePath.root
            var current = try OwnedDescriptor(fcntl(root.raw, F_DUPFD_CLOEXEC, 0))
            do throws(Errno) {
                for name in path.components.dropLast() {
                    current = try OwnedDescriptor.open(
                        name, in: current.raw, flags: OwnedDescriptor.passThrough | O_DIRECTORY)
                    ancestor = ancestor.appending(name)
                }
                let status = try Self.status(of: path.name, in: current.raw)
                return status.type == mode_t(S_IFREG) ? .file(FileFingerprint(status)) : .other
            } catch .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels {
                return .absent(ancestor: ancestor, device: UInt64(try current.status().st_dev))
            }
        } catch {
            return .unknown(error)
        }
    }
}
