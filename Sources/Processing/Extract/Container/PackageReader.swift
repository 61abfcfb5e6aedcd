import CArchive
import Glibc

/// The parts of a packed document, unpacked as they are read, by libarchive.
///
/// Runs in the extraction child only. Each pass reads the file's table of contents and skips what nobody wants.
struct PackageReader {
    /// What a visitor wants done with a part.
    enum Interest {
        case skip
        /// Unpack it, and hand over its bytes piece by piece.
        case read((UnsafeRawBufferPointer) throws -> Void)
        /// Nothing from here on is wanted.
        case stop
    }

    private static let blockBytes = 1 << 16

    private let path: String
    private var budget: ExpansionBudget

    /// - Throws: `ExtractionError` if the file cannot be read, `PackageError.encrypted` for a wrapped office document.
    init(path: String) throws {
        let file = try InputFile(path)
        // Office programs wrap an encrypted document in a compound file.
        if try file.head(CompoundFile.mark.count) == CompoundFile.mark { throw PackageError.encrypted }
        self.path = path
        self.budget = ExpansionBudget(packedBytes: file.size)
        // libarchive turns names into the character set of the locale.
        setlocale(LC_CTYPE, "C.UTF-8")
    }

    /// Looks at each part in the file's own order.
    ///
    /// - Parameters:
    ///   - visitor: Gets the part's name.
    ///   - finished: Called after all of a part was handed over.
    /// - Throws: `PackageError`, or what the closures throw.
    mutating func visit(_ visitor: (String) throws -> Interest, finished: () throws -> Void = {}) throws {
        guard let archive = archive_read_new() else { throw PackageError.outOfMemory }
        defer { archive_read_free(archive) }
        // Only by its table of contents, which stands at the end: a file that is cut off must not pass for a short one.
        archive_read_support_format_zip_seekable(archive)
        guard archive_read_open_filename(archive, self.path, Self.blockBytes) == ARCHIVE_OK else {
            throw PackageError.damaged
        }
        while let entry = try Self.next(archive) {
            guard let name = Self.name(of: entry) else { continue }
            switch try visitor(name) {
            case .stop: return
            case .skip: continue
            case .read(let take):
                guard archive_entry_is_encrypted(entry) == 0 else { throw PackageError.encrypted }
                try self.read(archive, take)
                try finished()
            }
        }
    }

    private static func next(_ archive: OpaquePointer) throws -> OpaquePointer? {
        var entry: OpaquePointer?
        switch archive_read_next_header(archive, &entry) {
        case ARCHIVE_OK, ARCHIVE_WARN: return entry
        case ARCHIVE_EOF: return nil
        default: throw PackageError.damaged
        }
    }

    private mutating func read(_ archive: OpaquePointer, _ take: (UnsafeRawBufferPointer) throws -> Void) throws {
        while true {
            var block: UnsafeRawPointer?
            var count = 0
            var offset: Int64 = 0
            switch archive_read_data_block(archive, &block, &count, &offset) {
            case ARCHIVE_OK, ARCHIVE_WARN: break
            case ARCHIVE_EOF: return
            default: throw PackageError.damaged
            }
            try self.budget.spend(count)
            if count > 0 { try take(UnsafeRawBufferPointer(start: block, count: count)) }
        }
    }

    /// A part's name as other parts refer to it: without a slash before it, and with slashes in it.
    private static func name(of entry: OpaquePointer) -> String? {
        guard let name = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry) else { return nil }
        return PartPath.normalized(String(cString: name))
    }
}

extension PackageReader {
    /// Parses one part.
    ///
    /// - Returns: Whether it is there.
    mutating func parse(_ part: String, with handler: some XMLEventHandler) throws -> Bool {
        try self.parseAll { $0 == part ? handler : nil } > 0
    }

    /// Parses, in one pass, every part for which there is a handler.
    ///
    /// - Parameter handler: The handler of a part of this name; nil for a part that nobody wants.
    /// - Returns: How many parts were parsed.
    /// - Throws: `PackageError`.
    @discardableResult
    mutating func parseAll(_ handler: (String) -> (any XMLEventHandler)?) throws -> Int {
        var parser: XMLStreamParser?
        var count = 0
        try self.visit { name in
            guard let handler = handler(name) else { return .skip }
            let stream = try XMLStreamParser(handler)
            parser = stream
            count += 1
            return .read { try stream.feed($0) }
        } finished: {
            try parser?.finish()
            parser = nil
        }
        return count
    }
}
