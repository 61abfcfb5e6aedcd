/// How large and how many the parts of a client's packets may be.
package struct PacketLimits: Equatable, Sendable {
    /// Arrays and objects inside each other.
    package var depth: Int
    /// Attachments of one packet.
    package var attachments: Int
    /// Bytes of all attachments of one packet.
    package var attachmentBytes: Int
    /// From a packet to the last of its attachments.
    package var attachmentTimeout: Duration
    /// Bytes of a namespace's name.
    package var namespaceBytes: Int
    /// Bytes of the query behind a namespace's name, which clients of Engine.IO v3 send.
    package var queryBytes: Int
    /// Namespaces one connection may be in.
    package var namespaces: Int

    /// Every bound is far above what an application sends and far below what would hurt.
    ///
    /// - Parameters:
    ///   - depth: The parser recurses; thousands of levels kill the reference server.
    ///   - attachments: An event with more than a few is a mistake, and each one waits in memory for the last.
    ///   - attachmentBytes: What one client can make the server hold while the last attachment is on its way.
    ///   - attachmentTimeout: They are sent together, and a payload's length takes a bad phone line half as long.
    ///   - namespaceBytes: It is compared with few known names.
    ///   - queryBytes: It may carry a token.
    ///   - namespaces: Each is a socket with rooms.
    package init(
        depth: Int = 64,
        attachments: Int = 10,
        attachmentBytes: Int = 1_000_000,
        attachmentTimeout: Duration = .seconds(60),
        namespaceBytes: Int = 256,
        queryBytes: Int = 4_096,
        namespaces: Int = 32
    ) {
        self.depth = depth
        self.attachments = attachments
        self.attachmentBytes = attachmentBytes
        self.attachmentTimeout = attachmentTimeout
        self.namespaceBytes = namespaceBytes
        self.queryBytes = queryBytes
        self.namespaces = namespaces
    }
}
