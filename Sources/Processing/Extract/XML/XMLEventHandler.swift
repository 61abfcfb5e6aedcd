/// Takes what stands in an XML document, in its order.
///
/// Names are without their prefix: the formats that are read here tell everything by them.
protocol XMLEventHandler: AnyObject {
    func start(_ name: String, _ attributes: XMLAttributes)
    func end(_ name: String)
    /// UTF-8; a scalar is never divided between two calls.
    func text(_ bytes: UnsafeBufferPointer<UInt8>)
}

/// The attributes of an element; of use only while its start is handled.
struct XMLAttributes {
    /// Five pointers each: name, prefix, namespace, and the beginning and end of the value.
    ///
    /// Source: libxml2's SAX2.
    private let pointers: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
    private let count: Int

    init(_ pointers: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, count: Int) {
        self.pointers = pointers
        self.count = count
    }

    /// The value of the first attribute of this name.
    ///
    /// - Parameters:
    ///   - name: Without a prefix.
    ///   - hasPrefix: Whether only one with a prefix is meant (true), or only one without (false).
    /// - Returns: Nil if there is none.
    func value(_ name: String, hasPrefix: Bool? = nil) -> String? {
        guard let pointers = self.pointers else { return nil }
        for index in 0..<self.count {
            let attribute = pointers + 5 * index
            guard let local = attribute[0], let start = attribute[3], let end = attribute[4], Self.equal(local, name)
            else { continue }
            if let hasPrefix, hasPrefix != (attribute[1] != nil) { continue }
            let text = String(decoding: UnsafeBufferPointer(start: start, count: max(0, end - start)), as: UTF8.self)
            // The parser leaves this one reference for a tree to resolve.
            return text.contains("&#38;")
                ? text.split(separator: "&#38;", omittingEmptySubsequences: false).joined(separator: "&") : text
        }
        return nil
    }

    private static func equal(_ pointer: UnsafePointer<UInt8>, _ name: String) -> Bool {
        var pointer = pointer
        for byte in name.utf8 {
            guard pointer.pointee == byte else { return false }
            pointer += 1
        }
        return pointer.pointee == 0
    }
}
