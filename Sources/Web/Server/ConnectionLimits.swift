import Synchronization

/// How many clients may be there at once.
package struct ConnectionLimits: Equatable, Sendable {
    /// In all.
    package var total: Int
    /// From one address.
    package var perAddress: Int

    /// Bounds clients.
    ///
    /// - Parameters:
    ///   - total: In all; each takes some 10 kB.
    ///   - perAddress: From one address; many people may come through one proxy.
    package init(total: Int = 10_000, perAddress: Int = 10_000) {
        self.total = total
        self.perAddress = perAddress
    }
}

/// Counts clients as they come and go, and turns away the one too many; any thread may ask.
final class Admission: Sendable {
    /// Why a client may not come in.
    enum Refusal {
        case tooMany
        case tooManyFromAddress
    }

    private struct State {
        var total = 0
        var addresses: [String: Int] = [:]
    }

    private let limits: ConnectionLimits
    private let state = Mutex(State())

    init(limits: ConnectionLimits) { self.limits = limits }

    /// Lets a client in, which `leave` has to be called for later.
    ///
    /// - Parameter address: The client's; nil for one that is counted in all only.
    /// - Returns: nil if it is in.
    func enter(_ address: String?) -> Refusal? {
        self.state.withLock { state in
            if let refusal = self.refusal(of: address, state) { return refusal }
            state.total += 1
            if let address { state.addresses[address, default: 0] += 1 }
            return nil
        }
    }

    /// Whether `enter` would turn a client away now.
    func refusal(of address: String) -> Refusal? { self.state.withLock { self.refusal(of: address, $0) } }

    /// A client that was let in is gone.
    func leave(_ address: String?) {
        self.state.withLock { state in
            state.total -= 1
            guard let address else { return }
            let count = state.addresses[address, default: 0]
            state.addresses[address] = count > 1 ? count - 1 : nil
        }
    }

    private func refusal(of address: String?, _ state: State) -> Refusal? {
        guard state.total < self.limits.total else { return .tooMany }
        guard let address else { return nil }
        guard state.addresses[address, default: 0] < self.limits.perAddress else { return .tooManyFromAddress }
        return nil
    }
}
