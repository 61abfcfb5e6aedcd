/// Why bytes are not JSON that is accepted here; positions count bytes from 0.
package enum JSONError: Error, Equatable {
    case unexpectedEnd
    case unexpectedByte(UInt8, at: Int)
    case trailingBytes(at: Int)
    case tooDeep(at: Int)
    case invalidNumber(at: Int)
    case invalidEscape(at: Int)
    case invalidUTF8(at: Int)
}
