/// A value that was read from a file, and where it stands there.
struct Located<Value> {
    let value: Value
    let mark: Mark
}

extension Located: Sendable where Value: Sendable {}
