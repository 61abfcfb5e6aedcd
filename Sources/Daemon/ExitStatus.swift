import Config
import Connectors
import Storage
import Web

/// The program's exit codes: 0 when all went well, and these, as far as possible those of sysexits(3).
///
/// They tell a service manager whether starting again can help; part of the interface to units and scripts.
package enum ExitStatus: Int32, Sendable {
    /// Something failed at run time, which may pass.
    case failure = 1
    /// The command line is wrong, or names a pipeline that is not configured.
    case usage = 64
    /// The database cannot be used by this program: it is newer, another program's, or made with another model.
    case database = 65
    /// The configuration is wrong.
    case configuration = 78

    /// What an error means for a restart.
    package init(_ error: any Error) {
        switch error {
        case is InvalidConfiguration, is SecretProblem, is StartError, is TLSError, is CredentialsError:
            self = .configuration
        case StoreError.newerSchema, StoreError.foreign, StoreError.notADatabase, StoreError.otherModel:
            self = .database
        default: self = .failure
        }
    }
}
