/// A file, folder or shortcut as the Drive API describes it, reduced to `DriveFile.fields`.
///
/// Numbers of 64 bits are texts on the wire. There are as many of these in memory as a Drive has files: what most of them
/// lack takes little room. Source: the resource `File` of the Drive API, version 3.
package struct DriveFile: Equatable, Sendable {
    package static let folderType = "application/vnd.google-apps.folder"
    package static let shortcutType = "application/vnd.google-apps.shortcut"

    /// The `fields` that all requests for files ask for.
    package static let fields = """
        id,name,mimeType,parents,trashed,md5Checksum,size,version,webViewLink,driveId,resourceKey,\
        shortcutDetails(targetId,targetMimeType,targetResourceKey)
        """

    /// What a shortcut points to.
    package struct ShortcutTarget: Equatable, Sendable, Decodable {
        package var targetId: String?
        package var targetMimeType: String?
        package var targetResourceKey: String?

        package init(targetId: String?, targetMimeType: String? = nil, targetResourceKey: String? = nil) {
            self.targetId = targetId
            self.targetMimeType = targetMimeType
            self.targetResourceKey = targetResourceKey
        }
    }

    package var id: String
    package var name: String
    package var mimeType: String
    package var parents: [String]
    package var isTrashed: Bool
    /// Of binary content only.
    package var md5Checksum: String?
    /// Bytes; of binary content, and an estimate for Google's own formats.
    package var size: Int?
    /// Goes up with every change of the file, whoever can see it.
    package var version: Int64
    /// The shared drive that it is in; nil for anybody's My Drive.
    package var driveID: String?
    /// Where people open it, unless that follows from the id.
    private let ownLink: String?
    private let hasUsualLink: Bool
    /// What few files have: one element, or none.
    private var rare: [Rare]

    private struct Rare: Equatable, Sendable {
        var resourceKey: String?
        var shortcut: ShortcutTarget?
    }

    package init(
        id: String,
        name: String,
        mimeType: String,
        parents: [String] = [],
        isTrashed: Bool = false,
        md5Checksum: String? = nil,
        size: Int? = nil,
        version: Int64 = 1,
        webViewLink: String? = nil,
        driveID: String? = nil,
        resourceKey: String? = nil,
        shortcut: ShortcutTarget? = nil
    ) {
        self.id = id
        self.name = name
        self.mimeType = mimeType
        self.parents = parents
        self.isTrashed = isTrashed
        self.md5Checksum = md5Checksum
        self.size = size
        self.version = version
        self.driveID = driveID
        self.hasUsualLink = webViewLink == Self.usualLink(id)
        self.ownLink = self.hasUsualLink ? nil : webViewLink
        let isRare = resourceKey != nil || shortcut != nil
        self.rare = isRare ? [Rare(resourceKey: resourceKey, shortcut: shortcut)] : []
    }

    /// Where people open it, if Drive says so.
    package var webViewLink: String? { self.hasUsualLink ? Self.usualLink(self.id) : self.ownLink }

    package var resourceKey: String? { self.rare.first?.resourceKey }

    package var shortcut: ShortcutTarget? {
        get { self.rare.first?.shortcut }
        set { self.rare = [Rare(resourceKey: self.resourceKey, shortcut: newValue)] }
    }

    private static func usualLink(_ id: String) -> String { "https://drive.google.com/file/d/\(id)/view?usp=drivesdk" }

    package var isFolder: Bool { self.mimeType == Self.folderType }
    package var isShortcut: Bool { self.mimeType == Self.shortcutType }
}

extension DriveFile: Decodable {
    private enum CodingKeys: String, CodingKey {
        case id, name, mimeType, parents, trashed, md5Checksum, size, version, webViewLink, driveId, resourceKey
        case shortcutDetails
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            id: try values.decode(String.self, forKey: .id),
            name: try values.decodeIfPresent(String.self, forKey: .name) ?? "",
            mimeType: try values.decodeIfPresent(String.self, forKey: .mimeType) ?? "application/octet-stream",
            parents: try values.decodeIfPresent([String].self, forKey: .parents) ?? [],
            isTrashed: try values.decodeIfPresent(Bool.self, forKey: .trashed) ?? false,
            md5Checksum: try values.decodeIfPresent(String.self, forKey: .md5Checksum),
            size: try values.decodeIfPresent(String.self, forKey: .size).flatMap { Int($0) },
            version: try values.decodeIfPresent(String.self, forKey: .version).flatMap { Int64($0) } ?? 0,
            webViewLink: try values.decodeIfPresent(String.self, forKey: .webViewLink),
            driveID: try values.decodeIfPresent(String.self, forKey: .driveId),
            resourceKey: try values.decodeIfPresent(String.self, forKey: .resourceKey),
            shortcut: try values.decodeIfPresent(ShortcutTarget.self, forKey: .shortcutDetails)
        )
    }
}
