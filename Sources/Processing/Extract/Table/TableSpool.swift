import Glibc
import Ingest
import SystemPackage

/// A file without a name, in which the rows of a document wait to be stored; it goes away with its last user.
final class SpoolFile: Sendable {
    /// `O_TMPFILE`, which Swift does not see.
    private static let unnamed = 0o20_000_000 | O_DIRECTORY

    private let descriptor: FileDescriptor
    private let directory: String

    /// - Parameter directory: Where the rows lie on disk, readable by no other user.
    /// - Throws: `.noTemporaryFile`.
    init(in directory: String) throws(ExtractionError) {
        var descriptor = open(directory, O_RDWR | Self.unnamed | O_CLOEXEC, 0o600)
        if descriptor < 0, [EOPNOTSUPP, EISDIR, EINVAL].contains(errno) { descriptor = Self.unlinked(in: directory) }
        guard descriptor >= 0 else { throw .noTemporaryFile(directory: directory, code: Errno(rawValue: errno)) }
        self.descriptor = FileDescriptor(rawValue: descriptor)
        self.directory = directory
    }

    deinit { try? self.descriptor.close() }

    /// For file systems that make no files without a name.
    private static func unlinked(in directory: String) -> CInt {
        let path = "\(directory)/.corpusd-rows-\(UInt64.random(in: 0...UInt64.max))"
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { unlink(path) }
        return descriptor
    }

    func append(_ bytes: [UInt8]) throws(ExtractionError) {
        do {
            try self.descriptor.writeAll(bytes)
        } catch {
            throw .noTemporaryFile(directory: self.directory, code: error as? Errno ?? .ioError)
        }
    }

    /// Reads up to `count` bytes from an offset; none at the end.
    func read(from offset: Int64, upTo count: Int) throws(ExtractionError) -> [UInt8] {
        do {
            return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                initialized = try self.descriptor.read(
                    fromAbsoluteOffset: offset,
                    into: UnsafeMutableRawBufferPointer(buffer)
                )
            }
        } catch {
            throw .noTemporaryFile(directory: self.directory, code: error as? Errno ?? .ioError)
        }
    }
}

/// The rows of a document's tables in a `SpoolFile`: each is its length as 4 bytes, big-endian, and `CellCoding`.
struct TableSpool: TableRows {
    private static let pieceBytes = 1 << 18

    private let file: SpoolFile
    private let rowCounts: [Int]

    /// - Parameters:
    ///   - file: Holds the rows of all tables, one after another.
    ///   - rowCounts: How many each table has.
    init(_ file: SpoolFile, rowCounts: [Int]) {
        self.file = file
        self.rowCounts = rowCounts
    }

    func readEach(_ body: (TableRow) throws -> Void) throws {
        var pending: [UInt8] = []
        var start = 0
        var offset: Int64 = 0
        for (table, count) in self.rowCounts.enumerated() {
            for _ in 0..<count {
                var end = Self.rowEnd(in: pending, from: start)
                while end == nil {
                    pending.removeFirst(start)
                    start = 0
                    let piece = try self.file.read(from: offset, upTo: Self.pieceBytes)
                    guard !piece.isEmpty else { throw ExtractionError.unreadable(.ioError) }
                    offset += Int64(piece.count)
                    pending += piece
                    end = Self.rowEnd(in: pending, from: start)
                }
                guard let end, let cells = CellCoding.decode(pending[(start + 4)..<end]) else {
                    throw ExtractionError.unreadable(.ioError)
                }
                start = end
                try body(TableRow(table: table, cells: cells))
            }
        }
    }

    private static func rowEnd(in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count - start >= 4 else { return nil }
        let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        return bytes.count - start - 4 >= length ? start + 4 + length : nil
    }
}
