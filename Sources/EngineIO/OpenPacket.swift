/// The first packet of a session: what the client has to know to keep it alive.
///
/// Source: engine.io-protocol v4, "Handshake"; exactly five members, times in milliseconds.
package struct OpenPacket: Equatable, Sendable {
    private let sid: Identifier
    private let upgrades: [Transport]
    private let limits: SessionLimits

    /// Describes a session to its client.
    ///
    /// - Parameters:
    ///   - sid: The session's secret name.
    ///   - transport: How the client came; only polling can be upgraded.
    ///   - limits: What the session enforces.
    package init(sid: Identifier, transport: Transport, limits: SessionLimits) {
        self.sid = sid
        self.upgrades = transport == .polling ? [.webSocket] : []
        self.limits = limits
    }

    /// The packet as text, with its type digit.
    package var text: String {
        let upgrades = self.upgrades.map { "\"\($0.rawValue)\"" }.joined(separator: ",")
        return "0{\"sid\":\"\(self.sid.text)\",\"upgrades\":[\(upgrades)]"
            + ",\"pingInterval\":\(self.limits.pingInterval.wholeMilliseconds)"
            + ",\"pingTimeout\":\(self.limits.pingTimeout.wholeMilliseconds)"
            + ",\"maxPayload\":\(self.limits.maxPayload)}"
    }
}

extension Duration {
    /// The duration as protocols write it, rounded towards zero.
    fileprivate var wholeMilliseconds: Int64 {
        self.components.seconds * 1_000 + self.components.attoseconds / 1_000_000_000_000_000
    }
}
