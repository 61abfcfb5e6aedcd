/// The id of a folder or shared drive, as it stands at the end of its address in the browser.
struct DriveID {
    let text: String

    init(_ scalar: Node.Scalar) throws(InvalidValue) {
        let isAllowed = scalar.text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isAllowed, (1...128).contains(scalar.text.utf8.count) else {
            throw InvalidValue(
                "must be the last part of the folder's address in the browser, of letters, digits, '_' and '-', "
                    + "not \(scalar.text.quoted)"
            )
        }
        self.text = scalar.text
    }
}
