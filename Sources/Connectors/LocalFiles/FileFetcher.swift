import Crypto
import Glibc
import Ingest
import SystemPackage

/// Hashes a file of the folder and says where other programs can read it; blocks.
struct FileFetcher: Sendable {
    private static let blockSize = 1_048_576

    let folder: WatchedFolder
    /// The largest file to read, in bytes.
    let maxFileSize: Int
    /// Where the copies go that names which are no text need.
    let temporaryDirectory: String
    let user: String
    /// Whether symbolic links within the folder are followed.
    let followsLinks: Bool

    /// Reads the whole file once.
    ///
    /// - Throws: `.stillWritten` when it changed meanwhile: the hash would be that of no version at all.
    func fetch(_ document: SourceDocument) throws(LocalFileError) -> FetchedContent {
        guard let path = self.folder.path(of: document) else { throw .badPath(path: document.path) }
        let name = self.folder.text(of: path)
        let file = try self.open(path)
        let before = try self.status(of: file, name)
        guard before.type == mode_t(S_IFREG) else { throw .notFile(path: name) }
        guard Int(before.st_size) <= self.maxFileSize else {
            throw .tooLarge(path: name, size: Int(before.st_size), limit: self.maxFileSize)
        }
        let copy = path.isText ? nil : try TemporaryFile(in: self.temporaryDirectory, for: name)
        do throws(LocalFileError) {
            let hash = try self.hash(file, size: Int(before.st_size), name: name, copy: copy)
            let after = try self.status(of: file, name)
            // A `chmod` or a rename meanwhile changes no content.
            let isSame = FileFingerprint(before).isSameVersion(as: FileFingerprint(after))
            guard isSame else { throw .stillWritten(path: name) }
            let original = try self.openablePath(of: file, name)
            return FetchedContent(
                filePath: copy?.path ?? original,
                contentHash: hash,
                size: Int(before.st_size),
                isTemporary: copy != nil
            )
        } catch {
            copy?.remove()
            throw error
        }
    }

    /// The path that other programs open: behind a link it is the target's, so that nobody has to follow one again.
    private func openablePath(
        of file: borrowing OwnedDescriptor,
        _ name: String
    ) throws(LocalFileError) -> String {
        guard self.followsLinks else { return name }
        do throws(Errno) {
            let path = RelativePath(bytes: try file.path())
            return path.isText ? path.text : name
        } catch {
            throw .failing(path: name, code: error)
        }
    }

    private func open(_ path: RelativePath) throws(LocalFileError) -> OwnedDescriptor {
        let name = self.folder.text(of: path)
        do throws(LookError) {
            return try FolderReader(folder: self.folder, followsLinks: self.followsLinks).open(file: path)
        } catch {
            switch error {
            case .folder(let code):
                throw .folder(FolderProblem(code, path: self.folder.text, user: self.user))
            case .directory(.noSuchFileOrDirectory), .directory(.notDirectory):
                throw .vanished(path: name)
            // A symbolic link, a socket, or a device without a driver.
            case .directory(.tooManySymbolicLinkLevels), .directory(.noSuchAddressOrDevice):
                throw .notFile(path: name)
            case .directory(.permissionDenied), .directory(.notPermitted):
                throw .unreadable(path: name, user: self.user)
            case .directory(let code), .ignoreFile(let code):
                throw .failing(path: name, code: code)
            }
        }
    }

    private func status(of file: borrowing OwnedDescriptor, _ name: String) throws(LocalFileError) -> stat {
        do throws(Errno) {
            return try file.status()
        } catch {
            throw .failing(path: name, code: error)
        }
    }

    /// Hashes exactly `size` bytes in blocks, and copies them on the way.
    private func hash(
        _ file: borrowing OwnedDescriptor,
        size: Int,
        name: String,
        copy: TemporaryFile?
    ) throws(LocalFileError) -> String {
        var hasher = SHA256()
        var block = [UInt8](repeating: 0, count: min(Self.blockSize, size + 1))
        var total = 0
        while true {
            let count = try self.read(file, into: &block, name)
            guard count > 0 else { break }
            total += count
            // A file that grows as fast as it is read would never end.
            guard total <= size else { throw .stillWritten(path: name) }
            block.withUnsafeBytes { hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            try copy?.append(block[..<count])
        }
        guard total == size else { throw .stillWritten(path: name) }
        return hasher.finalize().reduce(into: "") { text, byte in
            text += byte < 16 ? "0" + String(byte, radix: 16) : String(byte, radix: 16)
        }
    }

    private func read(
        _ file: borrowing OwnedDescriptor,
        into block: inout [UInt8],
        _ name: String
    ) throws(LocalFileError) -> Int {
        while true {
            let count = Glibc.read(file.raw, &block, block.count)
            guard count < 0 else { return count }
            let code = errno
            if code == EINTR { continue }
            throw .failing(path: name, code: Errno(rawValue: code))
        }
    }
}
