import Synchronization

/// Counts the events of clients and the events to them, for the metrics.
///
/// Names and outcomes are fixed sets, so what a client makes up cannot make this grow. Safe from any thread.
package final class EventTally: Sendable {
    /// Which events of clients are counted together.
    package struct Received: Hashable, Sendable {
        package var name: ClientEvent.Name
        package var outcome: ClientEvent.Outcome

        package init(name: ClientEvent.Name, outcome: ClientEvent.Outcome) {
            self.name = name
            self.outcome = outcome
        }
    }

    /// What was counted since the start; what is missing is 0.
    package struct Counts: Equatable, Sendable {
        package var received: [Received: Int] = [:]
        package var emitted: [WireEvent.Kind: Int] = [:]
        package var failed: [WireEvent.Kind: Int] = [:]

        package init() {}
    }

    private let state = Mutex(Counts())

    package init() {}

    package var counts: Counts { self.state.withLock { $0 } }

    /// Counts an event of a client.
    func received(_ name: ClientEvent.Name, _ outcome: ClientEvent.Outcome) {
        self.state.withLock { $0.received[Received(name: name, outcome: outcome), default: 0] += 1 }
    }

    /// Counts an event to whoever listens, or to one client, once.
    func emitted(_ kind: WireEvent.Kind) { self.state.withLock { $0.emitted[kind, default: 0] += 1 } }

    /// Counts an event that could not be sent.
    ///
    /// - Returns: How many of its kind there were, with this one.
    func failed(_ kind: WireEvent.Kind) -> Int {
        self.state.withLock { counts in
            counts.failed[kind, default: 0] += 1
            return counts.failed[kind, default: 0]
        }
    }
}
