/// The arguments of one event or answer, encoded once however many clients get them.
package struct EventPayload: Equatable, Sendable {
    /// No argument.
    package static let none = EventPayload(arguments: [])

    /// The arguments with their commas, without brackets; empty for none.
    let list: [UInt8]
    let attachments: [[UInt8]]

    /// One argument whose text is already valid JSON; the caller vouches for it.
    package init(json: String) { self.init(json: json.utf8) }

    /// One argument whose text, as bytes, is already valid JSON; the caller vouches for it.
    package init(json: some Sequence<UInt8>) {
        self.list = Array(json)
        self.attachments = []
    }

    /// One argument; its binary leaves become attachments.
    package init(_ value: JSONValue) { self.init(arguments: [value]) }

    /// Several arguments; their binary leaves become attachments.
    package init(arguments: [JSONValue]) {
        var writer = JSONWriter()
        writer.writeList(arguments)
        self.list = writer.text
        self.attachments = writer.attachments
    }
}
