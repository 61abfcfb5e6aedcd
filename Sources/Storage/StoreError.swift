package import Ingest

/// Why the embedded store cannot be opened, or did not do what it was asked: what failed, why, and what to do.
///
/// Carries paths, version numbers and result codes; never document text, SQL or its arguments.
package enum StoreError: DocumentError, Equatable {
    /// A reader came before the first writer.
    case missing(path: String)
    case isDirectory(path: String)
    /// `what` is what the user may not do: `read it`, `create 'a/b'`.
    case notPermitted(path: String, what: String, userID: UInt32)
    case readOnlyFileSystem(path: String)
    /// The system refused for another reason: `file name too long`.
    case cannotOpen(path: String, reason: String)
    case notADatabase(path: String)
    /// It is an SQLite database, but another program's.
    case foreign(path: String)
    case newerSchema(path: String, found: Int, supported: Int)
    /// Only a reader meets this; a writer migrates.
    case olderSchema(path: String, found: Int, needed: Int)
    case otherModel(path: String, stored: EmbeddingModel, configured: EmbeddingModel)
    /// Another process has the database open for writing; its id, when it could be read.
    case inUse(path: String, process: Int32?)
    case damaged(path: String)
    case diskFull(path: String)
    case locked(path: String)
    case openedReadOnly(path: String)
    case closed(path: String)
    /// Reading or writing the file failed; SQLite's extended result code.
    case inputOutput(path: String, code: Int32)
    /// A vector that is not finite, or not as long as the model's, or not one for each chunk.
    case unusableVectors(reason: String)
    /// A result nobody foresaw; SQLite's extended result code.
    case unexpected(path: String, code: Int32)

    package var typeName: String {
        switch self {
        case .missing: "StoreMissing"
        case .isDirectory, .cannotOpen: "StoreCannotBeOpened"
        case .notPermitted: "StoreNotPermitted"
        case .readOnlyFileSystem, .openedReadOnly: "StoreReadOnly"
        case .notADatabase, .foreign: "StoreForeign"
        case .newerSchema, .olderSchema: "StoreSchemaMismatch"
        case .otherModel: "StoreModelMismatch"
        case .inUse: "StoreInUse"
        case .damaged: "StoreDamaged"
        case .diskFull: "StoreFull"
        case .locked: "StoreLocked"
        case .closed: "StoreClosed"
        case .inputOutput: "StoreInputOutput"
        case .unusableVectors: "UnusableVectors"
        case .unexpected: "StoreUnexpected"
        }
    }

    package var isTransient: Bool {
        switch self {
        case .diskFull, .locked, .inputOutput, .closed, .unexpected: true
        case .missing, .isDirectory, .notPermitted, .readOnlyFileSystem, .cannotOpen, .notADatabase, .foreign,
            .newerSchema, .olderSchema, .otherModel, .inUse, .damaged, .openedReadOnly, .unusableVectors:
            false
        }
    }

    package var concernsDocument: Bool {
        switch self {
        case .unusableVectors, .unexpected: true
        default: false
        }
    }
}
