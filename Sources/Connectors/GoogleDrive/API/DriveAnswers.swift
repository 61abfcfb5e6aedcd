/// One page of `files.list`.
package struct DriveFileList: Equatable, Sendable, Decodable {
    static let fields = "nextPageToken,incompleteSearch,files(\(DriveFile.fields))"

    package var files: [DriveFile]?
    package var nextPageToken: String?
    /// Whether Drive did not search everything; what is missing then may still exist.
    package var incompleteSearch: Bool?

    package init(files: [DriveFile], nextPageToken: String? = nil, incompleteSearch: Bool? = nil) {
        self.files = files
        self.nextPageToken = nextPageToken
        self.incompleteSearch = incompleteSearch
    }
}

/// One entry of a change log: what a file, or a whole shared drive, is now.
package struct DriveChange: Equatable, Sendable, Decodable {
    static let fields = "changeType,removed,fileId,driveId,drive(\(SharedDrive.fields)),file(\(DriveFile.fields))"

    /// `file` or `drive`.
    package var changeType: String?
    /// Deleted, or the account lost access to it, or it moved to where another log tells of it.
    package var removed: Bool?
    package var fileId: String?
    package var driveId: String?
    /// What a shared drive is now, unless it is removed.
    package var drive: SharedDrive?
    /// What a file is now; also where it is removed from this log, but still to be had.
    package var file: DriveFile?

    package init(file: DriveFile) {
        self.changeType = "file"
        self.removed = false
        self.fileId = file.id
        self.file = file
    }

    package init(removed id: String) {
        self.changeType = "file"
        self.removed = true
        self.fileId = id
    }

    package init(driveID: String, removed: Bool) {
        self.changeType = "drive"
        self.removed = removed
        self.driveId = driveID
    }
}

/// One page of `changes.list`.
package struct DriveChangeList: Equatable, Sendable, Decodable {
    static let fields = "nextPageToken,newStartPageToken,changes(\(DriveChange.fields))"

    package var changes: [DriveChange]?
    package var nextPageToken: String?
    /// Where the next look begins; on the last page only.
    package var newStartPageToken: String?
}

/// The answer of `changes.getStartPageToken`.
struct DriveStartPageToken: Sendable, Decodable {
    var startPageToken: String
}

/// Whose account it is, from `about.get`.
struct DriveAbout: Sendable, Decodable {
    struct User: Sendable, Decodable {
        var displayName: String?
        var emailAddress: String?
    }

    static let fields = "user(displayName,emailAddress)"

    var user: User?
}

/// One page of `drives.list`.
struct SharedDriveList: Sendable, Decodable {
    static let fields = "nextPageToken,drives(\(SharedDrive.fields))"

    var drives: [SharedDrive]?
    var nextPageToken: String?
}

/// A shared drive; its id is also that of its top folder.
package struct SharedDrive: Equatable, Sendable, Decodable {
    static let fields = "id,name"

    package var id: String
    package var name: String?
}

/// A download that Drive prepares, from `files.download` and `operations.get`.
struct DriveOperation: Sendable, Decodable {
    struct Status: Sendable, Decodable {
        var code: Int?
    }

    struct Response: Sendable, Decodable {
        var downloadUri: String?
    }

    var name: String?
    var done: Bool?
    var error: Status?
    var response: Response?
}
