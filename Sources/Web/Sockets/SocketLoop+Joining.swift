import EngineIO
import NIOCore
import SocketIO

/// How clients join namespaces, come back to them, and leave.
extension SocketLoop {
    /// A client asks to join.
    func authorise(_ name: String, _ auth: JSONValue?, _ client: ClientSession) {
        guard let namespace = self.namespaces[name]?.namespace else { return }
        let request = ConnectRequest(namespace: name, auth: auth, handshake: client.handshake)
        switch namespace.authorise(request) {
        case .accept:
            self.accept(request, client)
        case .refuse(let message, let data):
            self.apply(client.connection?.refuse(namespace: name, message: message, data: data) ?? [], to: client)
        }
    }

    private func accept(_ request: ConnectRequest, _ client: ClientSession, mayTakeOver: Bool = true) {
        let id = self.makeSocketID()
        guard let recovery = self.server.recovery, client.speaksRecovery else {
            return self.join(client, request, client.connection?.accept(namespace: request.namespace, as: id))
        }
        if let claim = RecoveryClaim(auth: request.auth) {
            if mayTakeOver, let live = recovery.liveSocket(of: claim), let shard = self.server.shard(ofSocket: live) {
                return self.takeOver(live, on: shard, request, client)
            }
            if let restored = recovery.restore(claim, namespace: request.namespace) {
                var request = request
                request.recoveredRooms = restored.session.rooms
                if self.namespaces[request.namespace]?.namespace.mayReturn(request) == true {
                    return self.restore(restored, request, client)
                }
            }
            self.metrics.recoveryMisses += 1
        }
        let privateID = self.makePrivateID()
        let actions = client.connection?.accept(namespace: request.namespace, as: id, privateID: privateID)
        guard actions?.isEmpty == false else { return }
        let joinedAt = recovery.joined(privateID, id, shard: self.shard.index)
        client.membership = RecoverableMembership(privateID: privateID, joinedAt: joinedAt)
        self.join(client, request, actions)
    }

    private func restore(_ restored: RestoredSession, _ request: ConnectRequest, _ client: ClientSession) {
        let session = restored.session
        let actions = client.connection?.accept(restored)
        guard actions?.isEmpty == false else { return }
        self.metrics.recoveryHits += 1
        _ = self.server.recovery?.joined(session.privateID, session.socket, shard: self.shard.index)
        client.membership = RecoverableMembership(
            privateID: session.privateID, joinedAt: session.joinedAt, restoredAt: restored.position)
        self.join(client, request, actions)
    }

    /// A client comes back before the loss of its connection was noticed: the old one ends, then it joins.
    private func takeOver(
        _ socket: SocketID,
        on shard: SocketShard,
        _ request: ConnectRequest,
        _ client: ClientSession
    ) {
        let (home, sid) = (self.shard, client.sid)
        shard.eventLoop.execute {
            shard.run { $0.abandon(socket) }
            home.eventLoop.execute {
                home.run { sockets in
                    if let client = sockets.sessions[sid] { sockets.accept(request, client, mayTakeOver: false) }
                }
            }
        }
    }

    private func abandon(_ socket: SocketID) {
        guard let client = self.sockets[socket]?.client else { return }
        self.apply(client.engine.abandon(.transportClose), to: client)
    }

    private func join(_ client: ClientSession, _ request: ConnectRequest, _ actions: [ConnectionAction]?) {
        client.joining = request
        self.apply(actions ?? [], to: client)
        client.joining = nil
        client.membership = nil
    }

    /// A client has joined, and been told so.
    func connected(_ id: SocketID, _ namespace: String, _ client: ClientSession) {
        guard let members = self.namespaces[namespace], let request = client.joining else { return }
        self.metrics.connects += 1
        self.metrics.sockets[namespace, default: 0] += 1
        self.sockets[id] = Place(client: client, members: members)
        members.add(NamespaceMembers.Member(id: id, client: client, membership: client.membership))
        if let rooms = request.recoveredRooms { members.rooms.join(id, rooms) }
        members.namespace.connected(self.handle(id, namespace), request)
    }

    /// A client has left.
    func disconnected(_ id: SocketID, _ namespace: String, _ client: ClientSession, _ reason: DisconnectReason) {
        guard let members = self.namespaces[namespace] else { return }
        self.metrics.disconnects[reason, default: 0] += 1
        self.metrics.sockets[namespace, default: 0] -= 1
        self.keep(id, members, reason)
        self.sockets[id] = nil
        members.remove(id)
        let unanswered = client.questions.keys.filter { $0.socket == id }.sorted { $0.id < $1.id }
        for question in unanswered { client.questions.removeValue(forKey: question)?(.failure(.disconnected)) }
        members.namespace.disconnected(self.handle(id, namespace), reason)
    }

    private func keep(_ id: SocketID, _ members: NamespaceMembers, _ reason: DisconnectReason) {
        guard let recovery = self.server.recovery, let membership = members[id]?.membership else { return }
        if reason.isRecoverable {
            let rooms = members.rooms.rooms(of: id)
            recovery.keep(membership, id, namespace: members.namespace.name, rooms: rooms)
        }
        recovery.left(membership.privateID, id)
    }
}
