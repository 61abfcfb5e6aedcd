/// Where a session is in its life.
///
/// Stands outside of the session because that is generic and this is not: its layout is then known to the edge, which
/// the compiler does not specialise the session for.
enum SessionState: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// Packets wait in the queue for the next poll, or the poll for the next packet.
    case polling(poll: PollID?, probe: UpgradeProbe?)
    case webSocket
    /// The last packets wait for one more poll, or for the upgrade of a client that has been told that it may.
    case closing(reason: CloseReason, deadline: Instant, probe: UpgradeProbe?)
    case closed
}

/// The far end of an upgrade, before it is one.
struct UpgradeProbe: Sendable {
    var isAnswered = false
    let deadline: ContinuousClock.Instant

    init(deadline: ContinuousClock.Instant) { self.deadline = deadline }
}
