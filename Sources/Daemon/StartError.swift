/// Why the daemon cannot start although each part of its configuration is right.
enum StartError: Error, Equatable, CustomStringConvertible {
    case passagesTooLong(size: Int, limit: Int)

    var description: String {
        switch self {
        case .passagesTooLong(let size, let limit):
            "'chunking.size' is \(size), but the model reads no more than \(limit) tokens of a passage; "
                + "set it to \(limit) or less"
        }
    }
}
