/// How the extraction child says why it gave up; clear of the codes of the programs that it becomes, 0 to 3 and 99.
enum ChildExitCode: Int32, Error {
    /// It was not called by `FileExtractor`.
    case usage = 64
    /// The file cannot be opened or read any more.
    case unreadable = 66
    /// What it unpacks to is out of proportion.
    case expandsTooMuch = 78
    case outOfMemory = 70
    /// The system does not let it limit itself.
    case unlimited = 71
    /// It is not what its format should be.
    case damaged = 72
    /// A password is needed.
    case encrypted = 73
    /// It begins as text and goes on with something else.
    case binary = 76
    /// Its output cannot be written; the parent has gone.
    case broken = 74
    /// The program that it was to become is not there.
    case toolMissing = 75

    init(_ error: PackageError) {
        self =
            switch error {
            case .damaged: .damaged
            case .encrypted: .encrypted
            case .expandsTooMuch: .expandsTooMuch
            case .outOfMemory: .outOfMemory
            }
    }
}
