/// One value of a YAML document that remembers where it stands.
///
/// An alias is replaced by the node it names, which keeps its own mark.
enum Node: Sendable {
    case scalar(Scalar)
    case list(List)
    case mapping(Mapping)

    /// A text with no structure below it; what it means is the reader's decision.
    struct Scalar: Sendable {
        let text: String
        /// Whether it was written without quotes, so that words and numbers may have a meaning.
        let isPlain: Bool
        let mark: Mark

        /// Whether nothing was written, or one of YAML's words for nothing.
        var isNull: Bool { self.isPlain && ["", "~", "null", "Null", "NULL"].contains(self.text) }
    }

    struct List: Sendable {
        let elements: [Node]
        let mark: Mark
    }

    /// Keys and values in the order of the file, each key once.
    struct Mapping: Sendable {
        let entries: [(key: Scalar, value: Node)]
        /// Where it begins: its first key, or its opening brace.
        let mark: Mark

        subscript(key: String) -> Node? { self.entries.first { $0.key.text == key }?.value }
    }

    var mark: Mark {
        switch self {
        case .scalar(let scalar): scalar.mark
        case .list(let list): list.mark
        case .mapping(let mapping): mapping.mark
        }
    }

    /// Whether it is a scalar that stands for nothing.
    var isNull: Bool {
        guard case .scalar(let scalar) = self else { return false }
        return scalar.isNull
    }

    /// The node as the object of an error message.
    var prose: String {
        switch self {
        case .scalar(let scalar): scalar.isNull ? "empty" : scalar.text.quoted
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}
