import EngineIO
import SocketIO

/// What other threads asked for.
extension SocketLoop {
    /// Carries out one command.
    func perform(_ command: SocketCommand) {
        switch command {
        case .emit(let namespace, let recipients, let except, let message):
            self.emit(message, namespace, recipients, except: except)
        case .ask(let id, let event, let payload, let timeout, let acknowledged):
            self.ask(id, event, payload, timeout, acknowledged)
        case .answer(let id, let question, let payload):
            guard let entry = self.sockets[id] else { return }
            let packet = EncodedPacket.acknowledgement(payload, namespace: entry.namespace, id: question)
            self.send(WireMessage(packet), to: entry.client)
        case .join(let id, let rooms):
            guard let entry = self.sockets[id] else { return }
            self.namespaces[entry.namespace]?.rooms.join(id, rooms)
        case .leave(let id, let rooms):
            guard let entry = self.sockets[id] else { return }
            self.namespaces[entry.namespace]?.rooms.leave(id, rooms)
        case .disconnect(let id, let closingConnection):
            self.disconnect(id, closingConnection: closingConnection)
        case .disconnectEveryone(let namespace, let closingConnections):
            for id in self.namespaces[namespace]?.clients.keys.map({ $0 }) ?? [] {
                self.disconnect(id, closingConnection: closingConnections)
            }
        case .stop(let promise):
            self.stopPromises.append(promise)
            self.stop()
        }
    }

    private func emit(_ message: WireMessage, _ name: String, _ recipients: Recipients, except: [SocketID]) {
        guard let members = self.namespaces[name] else { return }
        switch recipients {
        case .everyone:
            for (id, client) in members.clients where !except.contains(id) { self.send(message, to: client) }
        case .rooms(let rooms):
            for id in members.rooms.members(ofAny: rooms) where !except.contains(id) {
                if let client = members.clients[id] { self.send(message, to: client) }
            }
        case .socket(let id):
            if let client = members.clients[id], !except.contains(id) { self.send(message, to: client) }
        }
    }

    private func ask(
        _ id: SocketID,
        _ event: String,
        _ payload: EventPayload,
        _ timeout: Duration,
        _ acknowledged: @escaping @Sendable (Result<[JSONValue], AcknowledgementError>) -> Void
    ) {
        guard let entry = self.sockets[id],
            let question = entry.client.connection.ask(
                event, payload, namespace: entry.namespace, deadline: .now + timeout)
        else { return acknowledged(.failure(.disconnected)) }
        entry.client.questions[.init(socket: id, id: question.id)] = acknowledged
        self.apply(question.actions, to: entry.client)
        self.arm(entry.client)
    }

    private func disconnect(_ id: SocketID, closingConnection: Bool) {
        guard let entry = self.sockets[id] else { return }
        if closingConnection {
            self.apply(entry.client.connection.disconnectAll(), to: entry.client)
            self.apply(entry.client.engine.close(.serverClose, now: .now), to: entry.client)
            self.arm(entry.client)
        } else {
            self.apply(entry.client.connection.disconnect(namespace: entry.namespace), to: entry.client)
        }
    }

    private func stop() {
        self.isStopping = true
        for client in self.sessions.values.map({ $0 }) {
            self.apply(client.engine.close(.serverShutdown, now: .now), to: client)
            self.arm(client)
        }
    }
}
