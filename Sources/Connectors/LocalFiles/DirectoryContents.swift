import Glibc
import SystemPackage

/// The entries of one directory, as they are read.
struct DirectoryContents {
    /// By name, after `read`.
    private(set) var entries: [DirectoryListing.Entry] = []
    /// Whether a file among them was found by following a link.
    private(set) var hasLinkedFiles = false

    /// Reads a directory to its end; an entry that goes while it is read is left out.
    mutating func read(
        _ directory: borrowing OwnedDescriptor,
        descent: borrowing FolderDescent
    ) throws(Errno) {
        let copy = try OwnedDescriptor(fcntl(directory.raw, F_DUPFD_CLOEXEC, 0)).release()
        guard let stream = fdopendir(copy) else {
            let code = Errno(rawValue: errno)
            close(copy)
            throw code
        }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw Errno(rawValue: errno) }
                break
            }
            let name = Self.name(of: entry)
            if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { continue }
            try self.add(name, type: Int(entry.pointee.d_type), descent: descent)
        }
        self.entries.sort { $0.name.lexicographicallyPrecedes($1.name) }
    }

    private mutating func add(
        _ name: [UInt8],
        type: Int,
        descent: borrowing FolderDescent
    ) throws(Errno) {
        var kind = DirectoryListing.Kind.other
        var isLink = false
        switch type {
        case Int(DT_DIR): kind = .directory
        case Int(DT_REG), Int(DT_LNK), Int(DT_UNKNOWN):
            do throws(Errno) {
                kind = try descent.look(at: name[...], isLink: &isLink)
            } catch .noSuchFileOrDirectory {
                return
            }
        default: break
        }
        if isLink, case .file = kind { self.hasLinkedFiles = true }
        self.entries.append(DirectoryListing.Entry(name: name, kind: kind))
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
        withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
    }
}
