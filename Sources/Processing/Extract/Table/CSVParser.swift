import Ingest

/// Cuts delimited values into rows, as RFC 4180 says and as programs really write them.
///
/// A quote inside of a quoted value that neither ends it nor is doubled stands for itself; so does one in the middle of
/// a value that is not quoted. Empty lines are no rows. Memory is that of one row.
struct CSVParser {
    /// A row that is longer than this in bytes is none: a quote that is never closed, or no table at all.
    private static let longestRow = 12_000_000
    /// With this many cells a row is handed over, and whoever gets it knows that it is too wide.
    private static let widestRow = 20_000

    private enum State: Equatable {
        case start
        case plain
        case quoted
        /// Behind a quote in a quoted value.
        case quote
        /// Behind spaces after such a quote.
        case trailing(spaces: Int)
    }

    private let delimiter: UInt8
    private let quote: UInt8
    private var state = State.start
    private var field: [UInt8] = []
    private var isQuoted = false
    private var row: [TableCell] = []
    private var rowBytes = 0
    private var endsWithReturn = false

    init(dialect: CSVDialect) {
        self.delimiter = dialect.delimiter
        self.quote = dialect.quote
    }

    /// Takes UTF-8 in and hands out each row that it completes.
    ///
    /// - Throws: `ChildExitCode.damaged` for a row that does not end; what `emit` throws.
    mutating func append(_ bytes: some Sequence<UInt8>, emit: ([TableCell]) throws -> Void) throws {
        for byte in bytes {
            if self.endsWithReturn {
                self.endsWithReturn = false
                if byte == 0x0A { continue }
            }
            try self.append(byte, emit)
        }
    }

    /// Hands out the last row if it has no end.
    mutating func finish(emit: ([TableCell]) throws -> Void) throws {
        if self.state != .start || !self.row.isEmpty { try self.endRow(emit) }
    }

    private mutating func append(_ byte: UInt8, _ emit: ([TableCell]) throws -> Void) throws {
        switch self.state {
        case .quoted:
            if byte == self.quote { self.state = .quote } else { try self.keep(byte) }
        case .quote where byte == self.quote:
            try self.keep(byte)
            self.state = .quoted
        case _ where byte == self.delimiter:
            try self.endField(emit)
        case _ where byte == 0x0A || byte == 0x0D:
            self.endsWithReturn = byte == 0x0D
            try self.endRow(emit)
        case .quote:
            try self.goOn(byte, spaces: 0)
        case .trailing(let spaces):
            try self.goOn(byte, spaces: spaces)
        case .start where byte == self.quote:
            self.state = .quoted
            self.isQuoted = true
        case .start, .plain:
            self.state = .plain
            try self.keep(byte)
        }
    }

    /// A byte behind a quote that seemed to be the last one, and spaces: more of them, or the value goes on.
    private mutating func goOn(_ byte: UInt8, spaces: Int) throws {
        if byte == 0x20 {
            self.state = .trailing(spaces: spaces + 1)
            return
        }
        try self.keep(self.quote)
        for _ in 0..<spaces { try self.keep(0x20) }
        if byte == self.quote, spaces > 0 {
            self.state = .quote
        } else {
            try self.keep(byte)
            self.state = .quoted
        }
    }

    private mutating func keep(_ byte: UInt8) throws {
        self.field.append(byte)
        self.rowBytes += 1
        guard self.rowBytes <= Self.longestRow else { throw ChildExitCode.damaged }
    }

    private mutating func endField(_ emit: ([TableCell]) throws -> Void) throws {
        self.row.append(
            self.field.isEmpty && !self.isQuoted ? .empty : .text(String(decoding: self.field, as: UTF8.self))
        )
        self.field.removeAll(keepingCapacity: true)
        self.isQuoted = false
        self.state = .start
        if self.row.count >= Self.widestRow { try self.passRow(emit) }
    }

    private mutating func endRow(_ emit: ([TableCell]) throws -> Void) throws {
        if self.row.isEmpty, self.state == .start { return }
        try self.endField(emit)
        try self.passRow(emit)
    }

    private mutating func passRow(_ emit: ([TableCell]) throws -> Void) throws {
        defer {
            self.row.removeAll(keepingCapacity: true)
            self.rowBytes = 0
        }
        let isBlank = self.row.allSatisfy { cell in
            switch cell {
            case .empty: true
            case .text(let text): text.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            case .number, .boolean: false
            }
        }
        if !isBlank { try emit(self.row) }
    }
}
