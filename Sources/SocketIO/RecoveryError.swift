/// Why bytes are not a recovery log that this version can read; the server starts with an empty one.
package enum RecoveryError: Error, Equatable, CustomStringConvertible {
    /// Written by a version with another format.
    case unknownFormat
    /// Cut off, altered, or not written by this program.
    case damaged

    package var description: String {
        switch self {
        case .unknownFormat:
            "cannot restore sessions: they were written in another format; clients start afresh"
        case .damaged:
            "cannot restore sessions: what was stored of them is damaged; clients start afresh"
        }
    }
}
