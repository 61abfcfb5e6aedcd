/// A part of the daemon without which it is as good as dead, and how to find out whether it lives.
package struct HealthProbe: Sendable {
    /// For the log: `event loop 2`.
    package let name: String
    /// How long it may take to answer; nil for a part that answers at once unless it hangs.
    package let patience: Duration?
    /// Returns as soon as the part has done a piece of work; never, if it hangs.
    package let ask: @Sendable () async -> Void

    package init(_ name: String, patience: Duration? = nil, ask: @escaping @Sendable () async -> Void) {
        self.name = name
        self.patience = patience
        self.ask = ask
    }
}
