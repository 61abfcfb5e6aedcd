import Crypto
import Ingest

/// What of Google Drive a pipeline watches, and what it takes from it.
package struct DriveScope: Sendable {
    /// Which shared drives are watched beside My Drive.
    package enum SharedDrives: Equatable, Sendable {
        case none
        case all
        case listed([String])
    }

    /// A folder; nil is all of My Drive.
    package var folderID: String?
    package var sharedDrives: SharedDrives
    package var filter: FileFilter
    package var exports: ExportFormats
    /// Tells scopes apart that select other documents.
    let digest: String

    package init(
        folderID: String?,
        sharedDrives: SharedDrives,
        include: [String],
        exclude: [String],
        exports: ExportFormats
    ) throws(GlobError) {
        self.folderID = folderID
        self.sharedDrives = sharedDrives
        self.filter = try FileFilter(include: include, exclude: exclude)
        self.exports = exports
        let parts = ["\(folderID ?? "")", "\(sharedDrives)", "\(include)", "\(exclude)", "\(exports)"]
        self.digest = SHA256.hash(data: Array(parts.joined(separator: "\u{0}").utf8)).prefix(16)
            .map { String($0, radix: 16) }.joined(separator: ".")
    }

    /// Whether a shared drive that the account joins is watched, too.
    var watchesEveryDrive: Bool { self.folderID == nil && self.sharedDrives == .all }

    /// Finds the watched folders.
    ///
    /// - Throws: `DriveProblem` for what is not there; what the requests throw.
    func roots(from api: DriveAPI) async throws -> [DriveTree.Root] {
        if let folderID { return [try await Self.root(folderID, from: api)] }
        var roots = [try await Self.root("root", from: api)]
        switch self.sharedDrives {
        case .none: return roots
        case .all:
            roots += try await api.sharedDrives().map { Self.root($0) }
        case .listed(let ids):
            for id in ids { roots.append(try await Self.root(drive: id, from: api)) }
        }
        // Beside others, each drive shows its name in front.
        roots[0].prefix = "My Drive/"
        return Self.withDistinctPrefixes(roots)
    }

    /// Looks at a watched folder.
    static func root(_ id: String, from api: DriveAPI) async throws -> DriveTree.Root {
        let file: DriveFile
        do {
            file = try await api.file(id)
        } catch DriveError.refused(let refusal) where refusal.kind == .notFound {
            throw DriveProblem.rootMissing(id: id)
        }
        guard !file.isTrashed else { throw DriveProblem.rootTrashed(id: id) }
        guard file.isFolder else { throw DriveProblem.rootNotFolder(id: id) }
        return DriveTree.Root(id: file.id, driveID: file.driveID)
    }

    private static func root(drive id: String, from api: DriveAPI) async throws -> DriveTree.Root {
        do {
            return Self.root(try await api.sharedDrive(id))
        } catch DriveError.refused(let refusal) where refusal.kind == .notFound {
            throw DriveProblem.sharedDriveMissing(id: id)
        }
    }

    private static func root(_ drive: SharedDrive) -> DriveTree.Root {
        DriveTree.Root(id: drive.id, prefix: "\(DriveTree.component(drive.name ?? drive.id))/", driveID: drive.id)
    }

    /// Two drives of one name are told apart by their ids.
    private static func withDistinctPrefixes(_ roots: [DriveTree.Root]) -> [DriveTree.Root] {
        var seen: Set<String> = []
        return roots.map { root in
            guard !seen.insert(root.prefix).inserted else { return root }
            var root = root
            root.prefix = Self.distinctPrefix(root.prefix, root.id)
            return root
        }
    }

    static func distinctPrefix(_ prefix: String, _ id: String) -> String { "\(prefix.dropLast()) (\(id))/" }
}

extension DriveTree.Root {
    /// Whether the paths in it begin with the name that its shared drive has now; also where it has none to show.
    func hasName(of drive: SharedDrive?) -> Bool {
        guard !self.prefix.isEmpty, let name = drive?.name else { return true }
        let prefix = "\(DriveTree.component(name))/"
        return self.prefix == prefix || self.prefix == DriveScope.distinctPrefix(prefix, self.id)
    }
}
