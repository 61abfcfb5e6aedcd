import NIOCore
import Synchronization

/// The connections of a server, for the day it has to end them.
final class OpenConnections: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])
    private let admission: Admission
    private let trustedProxies: TrustedProxies

    /// Bounds connections.
    ///
    /// - Parameters:
    ///   - limits: How many there may be.
    ///   - trustedProxies: Those whose address is that of all their clients, so that it is not counted by itself.
    init(limits: ConnectionLimits, trustedProxies: TrustedProxies) {
        self.admission = Admission(limits: limits)
        self.trustedProxies = trustedProxies
    }

    /// Remembers a connection until it closes; false if there are too many.
    func add(_ channel: any Channel) -> Bool {
        let peer = channel.remoteAddress?.ipAddress ?? ""
        let address = self.trustedProxies.trusts(peer) ? nil : peer
        guard self.admission.enter(address) == nil else { return false }
        let id = ObjectIdentifier(channel)
        self.channels.withLock { $0[id] = channel }
        channel.closeFuture.whenComplete { _ in
            self.channels.withLock { $0[id] = nil }
            self.admission.leave(address)
        }
        return true
    }

    /// Returns when all that are open now have closed; WebSockets outlive the tasks that accepted them.
    func waitUntilClosed(on eventLoop: any EventLoop) async {
        let closings = self.channels.withLock { $0.values.map(\.closeFuture) }
        try? await EventLoopFuture.andAllComplete(closings, on: eventLoop).get()
    }

    /// Tells all that there will be no other request; those that have none in hand close.
    func quiesce() {
        for channel in self.channels.withLock({ Array($0.values) }) {
            channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    /// Closes all that are left, whatever they are doing.
    func closeAll() {
        for channel in self.channels.withLock({ Array($0.values) }) { channel.close(promise: nil) }
    }
}
