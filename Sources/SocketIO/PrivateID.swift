import EngineIO

/// The name a client proves itself by when it comes back after its connection was lost.
///
/// Unguessable and a secret between the two: who knows it may take the place of the socket. Never logged or shown.
package struct PrivateID: Hashable, Sendable {
    private let identifier: Identifier

    /// Makes a fresh id.
    ///
    /// - Parameter generator: A cryptographically secure source.
    package init(using generator: inout some RandomNumberGenerator) {
        self.identifier = Identifier(shard: UInt8.random(in: .min ... .max, using: &generator), using: &generator)
    }

    /// Reads the text of an id; nil where it is none.
    package init?(_ text: some StringProtocol) {
        guard let identifier = Identifier(text) else { return nil }
        self.identifier = identifier
    }

    /// 22 characters of URL-safe base64, for the client alone.
    package var text: String { self.identifier.text }
}
