import Ingest

/// The exit codes of `corpusd scan --once`, for scripts and timers.
///
/// They are its own where `ExitStatus` has other numbers: a script that asks for one pass wants to tell "run it again
/// later" from "a person must help" by small numbers. A wrong command line is 64 and an unusable database 65 here, too.
package enum PassExit: Int32, Sendable {
    /// Everything was read, and nothing failed.
    case complete = 0
    /// Files failed or wait for another attempt, or a place could not be read: a later pass may help.
    case incomplete = 1
    /// The configuration is wrong; the other commands exit 78 for it.
    case configuration = 2
    /// The credentials of a source or of an embedding service are refused: a person must help.
    case credentials = 3

    /// What to exit with after an error.
    package static func code(of error: any Error) -> Int32 {
        if (error as? any DocumentError)?.typeName == DocumentFailure.credentialsRefused {
            return Self.credentials.rawValue
        }
        let status = ExitStatus(error)
        return status == .configuration ? Self.configuration.rawValue : status.rawValue
    }
}
