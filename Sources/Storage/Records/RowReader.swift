import GRDB

/// Reads a row's columns one after the other; a value of the wrong type is an error, never a trap.
struct RowReader {
    private let row: Row
    private var index = 0

    init(_ row: Row) { self.row = row }

    /// The next column; ask for an optional where it may be NULL.
    mutating func next<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ type: Value.Type = Value.self
    ) throws -> Value {
        defer { self.index += 1 }
        return try self.row.decode(type, atIndex: self.index)
    }

    /// Passes over columns that the row's state leaves empty.
    mutating func skip(_ count: Int) { self.index += count }
}
