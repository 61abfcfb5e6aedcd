package import GRDB

extension StoreError {
    /// Says what an error of SQLite means for the store, without its message, SQL and arguments.
    package init(_ error: DatabaseError, path: String) {
        switch error.resultCode {
        case .SQLITE_FULL: self = .diskFull(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: self = .locked(path: path)
        case .SQLITE_CORRUPT, .SQLITE_FORMAT: self = .damaged(path: path)
        case .SQLITE_NOTADB: self = .notADatabase(path: path)
        case .SQLITE_READONLY: self = .openedReadOnly(path: path)
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            self = .cannotOpen(path: path, reason: "the file or one beside it cannot be opened")
        case .SQLITE_MISUSE: self = .closed(path: path)
        case .SQLITE_IOERR: self = .inputOutput(path: path, code: error.extendedResultCode.rawValue)
        default: self = .unexpected(path: path, code: error.extendedResultCode.rawValue)
        }
    }

    /// Maps whatever a block of database work threw.
    ///
    /// - Returns: A `StoreError`; or the error itself, when it is a cancellation or already one.
    static func mapping(_ error: any Error, path: String) -> any Error {
        switch error {
        case let error as DatabaseError: StoreError(error, path: path)
        case is RowDecodingError: StoreError.damaged(path: path)
        default: error
        }
    }
}
