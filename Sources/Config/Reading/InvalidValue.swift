/// Why a value cannot be used; the reader adds which key it is and where it stands.
struct InvalidValue: Error, Equatable {
    /// A predicate without its subject: `must be a number from 1 to 9, not '10'`.
    let message: String

    init(_ message: String) { self.message = message }
}
