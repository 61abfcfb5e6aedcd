import Ingest

/// What becomes of a file whose bytes are no text, by its media type.
enum BinaryType {
    private static let unknown = "application/octet-stream"

    /// - Parameters:
    ///   - found: The media type that the content has.
    ///   - name: The file's name, which tells what a damaged or encrypted container was.
    ///   - wideText: What it is if the media type tells nothing.
    /// - Returns: The type to read it as, or the reason why nobody can.
    static func identify(
        _ found: String,
        name: String,
        wideText: ContentIdentification? = nil
    ) -> ContentIdentification {
        let name = FileName(name)
        var mediaType = self.aliases[found] ?? found
        if self.containers.contains(mediaType) { mediaType = self.contained[name.fileExtension] ?? mediaType }
        // What the library takes for text, the reader of text has refused.
        if mediaType.isEmpty || mediaType.hasPrefix("text/") { mediaType = self.unknown }
        switch DocumentFormat(mediaType: mediaType) {
        case nil, .plainText?, .sourceText?, .markdown?, .html?:
            if mediaType == self.unknown {
                if let wideText { return wideText }
                if name.fileExtension == "pdf" { return .supported(mediaType: "application/pdf") }
                if TextMediaType.named(name) != nil { return .skipped(reason: "binary content") }
            }
            return .skipped(reason: "unsupported type '\(mediaType)'")
        case .some:
            return .supported(mediaType: mediaType)
        }
    }

    /// Types that do not say what is in a file; it is what its name says, and damaged or encrypted.
    private static let containers: Set<String> = [
        "application/zip", "application/x-ole-storage", "application/CDFV2", "application/encrypted",
        "application/vnd.ms-office",
    ]

    private static let aliases = ["text/rtf": "application/rtf"]

    private static let contained = [
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docm": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsm": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
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
