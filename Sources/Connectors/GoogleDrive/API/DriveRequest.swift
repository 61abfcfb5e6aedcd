/// One request to the Drive API, apart from the host it goes to and the token it carries.
package struct DriveRequest: Equatable, Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    package var method = Method.get
    /// Below `/drive/v3/`, its variable parts percent-encoded.
    package var path: String
    package var parameters: [(name: String, value: String)]
    /// Keys of files that are shared by links: what `X-Goog-Drive-Resource-Keys` says.
    package var resourceKeys: [String: String] = [:]
    /// The first byte wanted, for content that broke off.
    package var offset = 0

    package init(_ path: String, method: Method = .get, _ parameters: [(name: String, value: String)] = []) {
        self.method = method
        self.path = path
        self.parameters = parameters
    }

    /// Whether the answer is content, of any size.
    package var isDownload = false

    /// Path and query, as they follow the endpoint.
    package var target: String {
        guard !self.parameters.isEmpty else { return self.path }
        let query = self.parameters.map { "\($0.name)=\(Self.encoded($0.value))" }.joined(separator: "&")
        return "\(self.path)?\(query)"
    }

    /// The value of `X-Goog-Drive-Resource-Keys`; nil without keys.
    package var resourceKeyHeader: String? {
        guard !self.resourceKeys.isEmpty else { return nil }
        return self.resourceKeys.sorted { $0.key < $1.key }.map { "\($0.key)/\($0.value)" }.joined(separator: ",")
    }

    package static func == (left: DriveRequest, right: DriveRequest) -> Bool {
        left.method == right.method && left.target == right.target && left.resourceKeys == right.resourceKeys
            && left.offset == right.offset
    }

    /// Percent-encodes everything but the unreserved characters of RFC 3986.
    package static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }
}

extension DriveRequest {
    private static let allDrives: [(name: String, value: String)] = [
        ("supportsAllDrives", "true"), ("includeItemsFromAllDrives", "true"),
    ]

    static func file(_ id: String) -> DriveRequest {
        DriveRequest("files/\(Self.encoded(id))", [("fields", DriveFile.fields), ("supportsAllDrives", "true")])
    }

    package static func list(_ query: DriveQuery) -> DriveRequest {
        var parameters = [("q", query.expression), ("pageSize", "1000"), ("spaces", "drive")] + Self.allDrives
        if let drive = query.driveID { parameters += [("corpora", "drive"), ("driveId", drive)] }
        if let token = query.pageToken { parameters.append(("pageToken", token)) }
        return DriveRequest("files", parameters + [("fields", DriveFileList.fields)])
    }

    /// Where a log ends now: of a shared drive, or the user's own.
    static func startPageToken(drive: String?) -> DriveRequest {
        var parameters = [("supportsAllDrives", "true"), ("fields", "startPageToken")]
        if let drive { parameters.append(("driveId", drive)) }
        return DriveRequest("changes/startPageToken", parameters)
    }

    package static func changes(after token: String, drive: String?) -> DriveRequest {
        var parameters = [("pageToken", token), ("pageSize", "1000")] + Self.allDrives
        parameters += [("includeRemoved", "true"), ("restrictToMyDrive", "false"), ("spaces", "drive")]
        // What left this log for another is still told of.
        parameters.append(("includeCorpusRemovals", "true"))
        if let drive { parameters.append(("driveId", drive)) }
        return DriveRequest("changes", parameters + [("fields", DriveChangeList.fields)])
    }

    static func content(of id: String, acknowledgesAbuse: Bool) -> DriveRequest {
        var parameters = [("alt", "media"), ("supportsAllDrives", "true")]
        if acknowledgesAbuse { parameters.append(("acknowledgeAbuse", "true")) }
        var request = DriveRequest("files/\(Self.encoded(id))", parameters)
        request.isDownload = true
        return request
    }

    static func export(_ id: String, as mediaType: String) -> DriveRequest {
        var request = DriveRequest("files/\(Self.encoded(id))/export", [("mimeType", mediaType)])
        request.isDownload = true
        return request
    }

    static func download(_ id: String, as mediaType: String) -> DriveRequest {
        DriveRequest("files/\(Self.encoded(id))/download", method: .post, [("mimeType", mediaType)])
    }

    static func operation(_ name: String) -> DriveRequest {
        let name = name.hasPrefix("operations/") ? String(name.dropFirst("operations/".count)) : name
        return DriveRequest("operations/\(Self.encoded(name))")
    }

    static let about = DriveRequest("about", [("fields", DriveAbout.fields)])

    static func sharedDrives(pageToken: String?) -> DriveRequest {
        var parameters = [("pageSize", "100"), ("fields", SharedDriveList.fields)]
        if let pageToken { parameters.append(("pageToken", pageToken)) }
        return DriveRequest("drives", parameters)
    }

    static func sharedDrive(_ id: String) -> DriveRequest {
        DriveRequest("drives/\(Self.encoded(id))", [("fields", SharedDrive.fields)])
    }
}
