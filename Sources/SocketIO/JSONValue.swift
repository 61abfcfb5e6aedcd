/// A JSON tree from or for a peer; binary leaves travel as attachments beside the text.
package enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
    case binary([UInt8])
}

// MARK: - Reading

extension JSONValue {
    /// The member of an object; nil where there is none, or no object.
    package subscript(key: String) -> JSONValue? { self.object?[key] }

    /// The text of a string.
    package var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The value of a whole number.
    package var int: Int? { if case .int(let value) = self { value } else { nil } }

    /// The value of any number.
    package var double: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// The value of a boolean.
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The elements of an array.
    package var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

    /// The members of an object.
    package var object: [String: JSONValue]? { if case .object(let value) = self { value } else { nil } }

    /// The bytes of an attachment.
    package var binary: [UInt8]? { if case .binary(let value) = self { value } else { nil } }
}

// MARK: - Writing in code

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(nilLiteral: ()) { self = .null }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(stringLiteral value: String) { self = .string(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
}
