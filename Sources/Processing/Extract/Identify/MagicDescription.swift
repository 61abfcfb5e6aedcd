import CMagic

/// What libmagic says of a file, by Debian's own database.
///
/// In a child process only: the library reads structures of many formats.
enum MagicDescription {
    /// The media type; `application/octet-stream` for what the library does not know.
    static func mediaType(of path: String) throws(PackageError) -> String {
        try self.ask(path, MAGIC_MIME_TYPE) ?? "application/octet-stream"
    }

    /// What the library tells people: `PNG image data, 640 x 120, 8-bit grayscale, non-interlaced`.
    static func text(of path: String) throws(PackageError) -> String {
        try self.ask(path, MAGIC_RAW) ?? ""
    }

    private static func ask(_ path: String, _ flags: CInt) throws(PackageError) -> String? {
        guard let library = magic_open(flags | MAGIC_NO_CHECK_COMPRESS | MAGIC_ERROR) else { throw .outOfMemory }
        defer { magic_close(library) }
        guard magic_load(library, nil) == 0, let answer = magic_file(library, path) else { return nil }
        return String(cString: answer)
    }
}
