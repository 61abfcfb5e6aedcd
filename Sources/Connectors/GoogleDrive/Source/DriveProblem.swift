/// Why a Drive, or the watched part of it, cannot be followed; shown to people until a check succeeds.
///
/// Nothing that a problem hides is ever taken for deleted.
package enum DriveProblem: Error, Equatable, CustomStringConvertible {
    /// The watched folder does not exist for this account.
    case rootMissing(id: String)
    case rootTrashed(id: String)
    case rootNotFolder(id: String)
    case sharedDriveMissing(id: String)
    /// A log answered without saying where to go on.
    case brokenLog

    package var description: String {
        switch self {
        case .rootMissing(let id):
            "cannot watch the folder '\(id)': the account does not see it; share it with the account, or correct "
                + "'folder_id'"
        case .rootTrashed(let id):
            "cannot trust the folder '\(id)': it is in the trash; restore it, or remove the pipeline"
        case .rootNotFolder(let id):
            "cannot watch '\(id)': it is not a folder; name a folder in 'folder_id'"
        case .sharedDriveMissing(let id):
            "cannot watch the shared drive '\(id)': the account is no member of it; add it again, or name the drives to "
                + "watch in 'shared_drives'"
        case .brokenLog:
            "cannot follow the changes of Google Drive: an answer lacks the token for the next; it is tried again"
        }
    }
}
