/// Why the embedding model cannot be used; the daemon does not start without it.
package enum ModelError: Error, Equatable, CustomStringConvertible {
    /// A file of the model cannot be opened or read.
    case unreadable(path: String, reason: String)
    /// A file of the model was read but is not what it should be.
    case damaged(path: String, reason: String)

    package var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "cannot read the embedding model's file '\(path)': \(reason); "
                + "run 'make model' or install the package 'corpusd-model-minilm'"
        case .damaged(let path, let reason):
            "cannot use the embedding model's file '\(path)': \(reason); "
                + "remove it and run 'make model', or reinstall the package 'corpusd-model-minilm'"
        }
    }
}
