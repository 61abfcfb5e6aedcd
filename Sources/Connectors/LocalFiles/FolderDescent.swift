import Glibc
import SystemPackage

/// A way down from the folder, one directory after the other, each opened in the one before.
///
/// A symbolic link is followed only where that is asked for, only if its target lies below the folder, only if it does
/// not lead back to a directory of the way, and only one directory on a way: so a way ends, and all ways together are no
/// more than links times directories.
struct FolderDescent: ~Copyable {
    private struct Identity: Equatable {
        var device: dev_t
        var inode: ino_t
    }

    private let followsLinks: Bool
    /// What the path of everything below the folder begins with; empty where no links are followed.
    private let prefix: [UInt8]
    private var current: OwnedDescriptor
    /// Every directory of the way; kept only where links are followed.
    private var passed: [Identity] = []
    /// Whether a link was followed on the way.
    private(set) var isLinked = false

    /// - Parameters:
    ///   - root: The folder, open.
    ///   - followsLinks: Whether symbolic links are followed at all.
    /// - Throws: When it cannot be told where the folder is, which only matters where links are followed.
    init(root: consuming OwnedDescriptor, followsLinks: Bool) throws(Errno) {
        let path = followsLinks ? try root.path() : []
        self.prefix = path.last == UInt8(ascii: "/") ? path : path + [UInt8(ascii: "/")]
        self.followsLinks = followsLinks
        self.current = root
    }

    private var raw: CInt { self.current.raw }

    func status() throws(Errno) -> stat { try self.current.status() }

    /// Goes one directory down; to pass through it takes less permission than to read it.
    mutating func enter(_ name: ArraySlice<UInt8>) throws(Errno) {
        if self.followsLinks { self.passed.append(try Self.identity(of: self.raw)) }
        do throws(Errno) {
            let flags = OwnedDescriptor.passThrough | O_DIRECTORY
            self.current = try OwnedDescriptor.open(name, in: self.raw, flags: flags)
        } catch .notDirectory where self.followsLinks {
            let target = try self.follow(name, flags: OwnedDescriptor.passThrough | O_DIRECTORY)
            let identity = try Self.identity(of: target.raw)
            guard !self.isLinked, !self.passed.contains(identity) else {
                throw .tooManySymbolicLinkLevels
            }
            self.current = target
            self.isLinked = true
        }
    }

    /// Opens the directory that the way has come to so that its entries can be read.
    func openForReading() throws(Errno) -> OwnedDescriptor {
        try OwnedDescriptor(openat(self.raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    }

    func open(file name: ArraySlice<UInt8>, flags: CInt) throws(Errno) -> OwnedDescriptor {
        do throws(Errno) {
            return try OwnedDescriptor.open(name, in: self.raw, flags: flags)
        } catch .tooManySymbolicLinkLevels where self.followsLinks {
            return try self.follow(name, flags: flags)
        }
    }

    /// What an entry is, and whether that was learnt by following a link.
    func look(
        at name: ArraySlice<UInt8>,
        isLink: inout Bool
    ) throws(Errno) -> DirectoryListing.Kind {
        let status = try OwnedDescriptor.status(of: name, in: self.raw)
        guard status.type == mode_t(S_IFLNK), self.followsLinks else { return Self.kind(status) }
        isLink = true
        let target: OwnedDescriptor
        do throws(Errno) {
            target = try self.follow(name, flags: OwnedDescriptor.passThrough)
        } catch {
            // A link to nothing, or to what is not to be seen.
            return .other
        }
        let kind = Self.kind(try target.status())
        guard kind == .directory else { return kind }
        let identity = try Self.identity(of: target.raw)
        let current = try Self.identity(of: self.raw)
        let isLoop = identity == current || self.passed.contains(identity)
        return self.isLinked || isLoop ? .other : .directory
    }

    func look(at name: ArraySlice<UInt8>) throws(Errno) -> DirectoryListing.Kind {
        var isLink = false
        return try self.look(at: name, isLink: &isLink)
    }

    /// Opens the target of a link, if it lies below the folder.
    private func follow(_ name: ArraySlice<UInt8>, flags: CInt) throws(Errno) -> OwnedDescriptor {
        let path = name.map { CChar(bitPattern: $0) } + [0]
        let target = try OwnedDescriptor(openat(self.raw, path, flags | O_CLOEXEC))
        guard try target.path().starts(with: self.prefix) else { throw .tooManySymbolicLinkLevels }
        return target
    }

    private static func identity(of descriptor: CInt) throws(Errno) -> Identity {
        let status = try OwnedDescriptor.status(of: descriptor)
        return Identity(device: status.st_dev, inode: status.st_ino)
    }

    private static func kind(_ status: stat) -> DirectoryListing.Kind {
        switch status.type {
        case mode_t(S_IFDIR): .directory
        case mode_t(S_IFREG): .file(FileFingerprint(status))
        default: .other
        }
    }
}
