/// Why a text cannot be read as YAML any further; at most one a file, because nothing after it is certain.
struct YAMLError: Error, Equatable {
    let message: String
    let mark: Mark
}
