/// The name of an HTTP cookie.
struct CookieName {
    let text: String

    /// Source: RFC 6265, section 4.1.1, where a name is a token of RFC 9110.
    init(_ scalar: Node.Scalar) throws(InvalidValue) {
        let isToken = scalar.text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
        guard isToken, (1...64).contains(scalar.text.utf8.count) else {
            throw InvalidValue(
                "must be 'off' or the name of a cookie, 1 to 64 letters, digits, '_' and '-', "
                    + "not \(scalar.text.quoted)"
            )
        }
        self.text = scalar.text
    }
}
