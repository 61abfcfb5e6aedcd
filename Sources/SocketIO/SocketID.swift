import EngineIO

/// One client in one namespace.
///
/// Unguessable, but not a secret: unlike the session's name it may be shown to other clients.
package struct SocketID: Hashable, Sendable, CustomStringConvertible {
    private let identifier: Identifier

    /// Makes a fresh id.
    ///
    /// - Parameters:
    ///   - shard: The event loop the socket lives on.
    ///   - generator: A cryptographically secure source.
    package init(shard: UInt8, using generator: inout some RandomNumberGenerator) {
        self.identifier = Identifier(shard: shard, using: &generator)
    }

    /// Reads the text of an id; nil where it is none.
    package init?(_ text: some StringProtocol) {
        guard let identifier = Identifier(text) else { return nil }
        self.identifier = identifier
    }

    /// The event loop the socket lives on.
    package var shard: UInt8 { self.identifier.shard }

    /// 22 characters of URL-safe base64, as the client knows it.
    package var description: String { self.identifier.text }
}
