import FoundationEssentials
import NIOCore

/// The calls of the Drive API that a source needs.
struct DriveAPI: Sendable {
    let connection: DriveConnection

    func file(_ id: String, resourceKeys: [String: String] = [:]) async throws -> DriveFile {
        var request = DriveRequest.file(id)
        request.resourceKeys = resourceKeys
        return try await self.connection.json(request, as: DriveFile.self)
    }

    func list(_ query: DriveQuery, resourceKeys: [String: String]) async throws -> DriveFileList {
        var request = DriveRequest.list(query)
        request.resourceKeys = resourceKeys
        return try await self.connection.json(request, as: DriveFileList.self)
    }

    /// Where a log ends now: that of a shared drive by its id, or `DriveCursor.userLog`.
    func startPageToken(ofLog log: String) async throws -> String {
        let drive = log == DriveCursor.userLog ? nil : log
        let request = DriveRequest.startPageToken(drive: drive)
        return try await self.connection.json(request, as: DriveStartPageToken.self).startPageToken
    }

    func changes(ofLog log: String, after token: String) async throws -> DriveChangeList {
        let drive = log == DriveCursor.userLog ? nil : log
        return try await self.connection.json(.changes(after: token, drive: drive), as: DriveChangeList.self)
    }

    /// The account's address, or its name if Google does not tell that.
    func account() async throws -> String {
        let user = try await self.connection.json(.about, as: DriveAbout.self).user
        return user?.emailAddress ?? user?.displayName ?? "unknown"
    }

    /// Every shared drive that the account is a member of.
    func sharedDrives() async throws -> [SharedDrive] {
        var drives: [SharedDrive] = []
        var token: String?
        repeat {
            let page = try await self.connection.json(.sharedDrives(pageToken: token), as: SharedDriveList.self)
            drives += page.drives ?? []
            token = page.nextPageToken
        } while token != nil
        return drives
    }

    func sharedDrive(_ id: String) async throws -> SharedDrive {
        try await self.connection.json(.sharedDrive(id), as: SharedDrive.self)
    }

    /// Has Drive prepare an export that is too large for `files.export`, and waits for it, within reason.
    func prepareDownload(
        _ id: String,
        as mediaType: String,
        resourceKeys: [String: String]
    ) async throws -> Preparation {
        var request = DriveRequest.download(id, as: mediaType)
        request.resourceKeys = resourceKeys
        var operation = try await self.connection.json(request, as: DriveOperation.self)
        var wait = PreparationWait()
        while operation.done != true, let name = operation.name {
            guard let pause = wait.next() else { return .unfinished }
            try await Task.sleep(for: pause)
            operation = try await self.connection.json(.operation(name), as: DriveOperation.self)
        }
        return Preparation(address: operation.response?.downloadUri, code: operation.error?.code)
    }
}
