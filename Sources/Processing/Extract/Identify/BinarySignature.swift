/// Well-known first bytes of formats whose text is not extracted, to name them to people.
struct BinarySignature {
    let mediaType: String
    private let offset: Int
    private let bytes: [UInt8]

    private init(_ mediaType: String, at offset: Int = 0, _ bytes: [UInt8]) {
        self.mediaType = mediaType
        self.offset = offset
        self.bytes = bytes
    }

    private init(_ mediaType: String, at offset: Int = 0, _ text: String) {
        self.init(mediaType, at: offset, Array(text.utf8))
    }

    private func matches(_ head: [UInt8]) -> Bool {
        head.count >= self.offset + self.bytes.count && head[self.offset...].starts(with: self.bytes)
    }

    /// The media type of binary content; `application/octet-stream` when neither bytes nor name tell.
    ///
    /// A larger table, such as libmagic's, belongs behind this function: what is text has been decided before it.
    static func mediaType(of head: [UInt8], name: FileName) -> String {
        let found = self.all.first { $0.matches(head) }?.mediaType
        switch found {
        case "application/zip"?, "application/x-ole-storage"?:
            return self.contained[name.fileExtension] ?? found ?? self.unknown
        default:
            return found ?? self.unknown
        }
    }

    private static let unknown = "application/octet-stream"

    private static let all: [BinarySignature] = [
        BinarySignature("image/png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        BinarySignature("image/jpeg", [0xFF, 0xD8, 0xFF]),
        BinarySignature("image/gif", "GIF8"),
        BinarySignature("image/webp", at: 8, "WEBP"),
        BinarySignature("image/tiff", [0x49, 0x49, 0x2A, 0x00]),
        BinarySignature("image/tiff", [0x4D, 0x4D, 0x00, 0x2A]),
        BinarySignature("image/heic", at: 4, "ftyphei"),
        BinarySignature("image/avif", at: 4, "ftypavif"),
        BinarySignature("image/vnd.djvu", "AT&TFORM"),
        BinarySignature("image/bmp", "BM"),
        BinarySignature("video/quicktime", at: 4, "ftypqt"),
        BinarySignature("audio/mp4", at: 4, "ftypM4A"),
        BinarySignature("video/mp4", at: 4, "ftyp"),
        BinarySignature("video/webm", [0x1A, 0x45, 0xDF, 0xA3]),
        BinarySignature("video/x-msvideo", at: 8, "AVI "),
        BinarySignature("audio/wav", at: 8, "WAVE"),
        BinarySignature("audio/mpeg", "ID3"),
        BinarySignature("audio/mpeg", [0xFF, 0xFB]),
        BinarySignature("audio/ogg", "OggS"),
        BinarySignature("audio/flac", "fLaC"),
        BinarySignature("application/zip", [0x50, 0x4B, 0x03, 0x04]),
        BinarySignature("application/zip", [0x50, 0x4B, 0x05, 0x06]),
        BinarySignature("application/x-ole-storage", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]),
        BinarySignature("application/gzip", [0x1F, 0x8B]),
        BinarySignature("application/x-bzip2", "BZh"),
        BinarySignature("application/x-xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
        BinarySignature("application/zstd", [0x28, 0xB5, 0x2F, 0xFD]),
        BinarySignature("application/x-7z-compressed", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
        BinarySignature("application/vnd.rar", "Rar!"),
        BinarySignature("application/x-tar", at: 257, "ustar"),
        BinarySignature("application/vnd.sqlite3", "SQLite format 3\u{0}"),
        BinarySignature("application/x-executable", [0x7F, 0x45, 0x4C, 0x46]),
        BinarySignature("application/x-msdownload", "MZ"),
        BinarySignature("application/wasm", [0x00, 0x61, 0x73, 0x6D]),
        BinarySignature("font/woff2", "wOF2"),
        BinarySignature("font/ttf", [0x00, 0x01, 0x00, 0x00, 0x00]),
        BinarySignature("font/otf", "OTTO"),
    ]

    /// What archives and compound files hold, by extension.
    private static let contained = [
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt": "application/vnd.oasis.opendocument.text",
        "ods": "application/vnd.oasis.opendocument.spreadsheet",
        "odp": "application/vnd.oasis.opendocument.presentation",
        "epub": "application/epub+zip",
        "jar": "application/java-archive",
        "doc": "application/msword",
        "xls": "application/vnd.ms-excel",
        "ppt": "application/vnd.ms-powerpoint",
        "msg": "application/vnd.ms-outlook",
    ]
}
