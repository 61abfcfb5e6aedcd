import EngineIO
import SocketIO

/// What other threads asked for.
extension SocketLoop {
    /// Carries out what came through the mailbox, in one batch.
    func perform(_ commands: [SocketCommand]) {
        self.batch {
            self.busily {
                for command in commands { self.perform(command) }
            }
        }
    }

    /// Carries out one command.
    func perform(_ command: SocketCommand) {
        switch command {
        case .emit(let emission):
            guard let members = self.namespaces[emission.namespace] else { return }
            self.broadcast(emission, in: members)
        case .ask(let id, let event, let payload, let timeout, let acknowledged):
            self.ask(id, event, payload, timeout, acknowledged)
        case .askAll(let emission, let question):
            self.ask(question, emission)
        case .send(let sid, let message):
            if let client = self.sessions[sid] { self.send(message, to: client) }
        case .answer(let id, let question, let payload):
            guard let place = self.sockets[id] else { return }
            let packet = EncodedPacket.acknowledgement(payload, namespace: place.members.namespace.name, id: question)
            self.send(WireMessage(packet), to: place.client)
        case .join(let id, let rooms):
            self.sockets[id]?.members.rooms.join(id, rooms)
        case .leave(let id, let rooms):
            self.sockets[id]?.members.rooms.leave(id, rooms)
        case .disconnect(let id, let closingConnection):
            self.disconnect(id, closingConnection: closingConnection)
        case .stop(let promise):
            self.stopPromises.append(promise)
            self.stop()
        }
    }

    private func ask(
        _ id: SocketID,
        _ event: String,
        _ payload: EventPayload,
        _ timeout: Duration,
        _ acknowledged: @escaping @Sendable (Result<[JSONValue], AcknowledgementError>) -> Void
    ) {
        guard let place = self.sockets[id],
            let question = place.client.connection?.ask(
                event, payload, namespace: place.members.namespace.name, deadline: .now + timeout)
        else { return acknowledged(.failure(.disconnected)) }
        place.client.questions[.init(socket: id, id: question.id)] = acknowledged
        self.apply(question.actions, to: place.client)
        self.arm(place.client)
    }

    /// Asks every client that an event is for, and tells whom.
    private func ask(_ question: BroadcastQuestion, _ emission: Emission) {
        guard let members = self.namespaces[emission.namespace] else { return question.asked([]) }
        let deadline = ContinuousClock.now + question.timeout
        let message = self.outgoing.begin(emission.message)
        var asked: [SocketID] = []
        self.busily {
            members.forEach(in: emission.audience) { member in
                let client = member.client
                let isAsked = client.connection?.expectAnswer(
                    question.id, namespace: emission.namespace, deadline: deadline)
                guard isAsked == true else { return }
                asked.append(member.id)
                let socket = member.id
                client.questions[.init(socket: socket, id: question.id)] = { question.settle(socket, $0) }
                self.place(message, to: client)
                self.arm(client)
            }
        }
        question.asked(asked)
    }

    private func disconnect(_ id: SocketID, closingConnection: Bool) {
        guard let place = self.sockets[id] else { return }
        if closingConnection {
            self.apply(place.client.connection?.disconnectAll() ?? [], to: place.client)
            self.apply(place.client.engine.close(.serverClose, now: .now), to: place.client)
            self.arm(place.client)
        } else {
            let namespace = place.members.namespace.name
            self.apply(place.client.connection?.disconnect(namespace: namespace) ?? [], to: place.client)
        }
    }
}
