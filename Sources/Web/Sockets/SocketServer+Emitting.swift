package import SocketIO
import Synchronization

extension SocketServer {
    /// Sends an event, encoded once.
    ///
    /// On a server with recovery it is recorded first, unless it is volatile: clients that lose their connection get it
    /// when they come back.
    ///
    /// - Parameters:
    ///   - event: Its name.
    ///   - payload: Its arguments.
    ///   - namespace: Whose sockets get it.
    ///   - target: Which of them; one that is in several of the rooms gets it once.
    ///   - except: Which of those not.
    ///   - exceptRooms: Rooms whose members do not.
    ///   - isVolatile: Whether it may be dropped for a client that has not read what it was sent before.
    package func emit(
        _ event: String,
        _ payload: EventPayload = .none,
        namespace: String,
        to target: Audience.Target = .everyone,
        except: [SocketID] = [],
        exceptRooms: [String] = [],
        isVolatile: Bool = false
    ) {
        let packet = EncodedPacket.event(event, payload, namespace: namespace)
        let audience = Audience(target, except: except, exceptRooms: exceptRooms)
        guard let recovery, !isVolatile else {
            let message = WireMessage(packet)
            let emission = Emission(
                namespace: namespace, audience: audience, isVolatile: isVolatile, message: message)
            guard case .socket(let id) = target else {
                for shard in self.shards { shard.post(.emit(emission)) }
                return
            }
            self.shard(ofSocket: id)?.post(.emit(emission))
            return
        }
        recovery.record(packet, namespace: namespace, to: audience) { recorded, sequence, shard in
            let emission = Emission(
                namespace: namespace,
                audience: audience,
                isVolatile: false,
                message: WireMessage(recorded),
                plain: packet,
                sequence: sequence
            )
            let shards = shard.map { self.shard(at: $0).map { [$0] } ?? [] } ?? self.shards
            for shard in shards { shard.post(.emit(emission), mayRunNow: false) }
        }
    }

    /// Sends an event that the client has to answer.
    ///
    /// - Parameters:
    ///   - event: Its name.
    ///   - payload: Its arguments.
    ///   - socket: Who gets it.
    ///   - timeout: How long to wait.
    ///   - acknowledged: Runs once, on an event loop, and must not block.
    package func emit(
        _ event: String,
        _ payload: EventPayload,
        to socket: SocketID,
        timeout: Duration,
        acknowledged: @escaping @Sendable (Result<[JSONValue], AcknowledgementError>) -> Void
    ) {
        guard let shard = self.shard(ofSocket: socket) else { return acknowledged(.failure(.disconnected)) }
        shard.post(.ask(socket, event: event, payload, timeout: timeout, acknowledged))
    }

    /// Sends an event that each of several clients has to answer.
    ///
    /// - Parameters:
    ///   - event: Its name.
    ///   - payload: Its arguments.
    ///   - namespace: Whose sockets get it.
    ///   - target: Which of them.
    ///   - except: Which of those not.
    ///   - timeout: How long to wait for the last answer.
    ///   - answered: Runs once, on an event loop, when all have answered or the time is over; it must not block.
    package func emit(
        _ event: String,
        _ payload: EventPayload,
        namespace: String,
        to target: Audience.Target = .everyone,
        except: [SocketID] = [],
        timeout: Duration,
        answered: @escaping @Sendable (BroadcastAnswers.Outcome) -> Void
    ) {
        let id = self.questions.wrappingAdd(1, ordering: .relaxed).oldValue
        let packet = EncodedPacket.event(event, payload, namespace: namespace, id: id)
        let emission = Emission(
            namespace: namespace,
            audience: Audience(target, except: except),
            isVolatile: false,
            message: WireMessage(packet)
        )
        let question = BroadcastQuestion(id: id, timeout: timeout, parts: self.shards.count, answered: answered)
        for shard in self.shards { shard.post(.askAll(emission, question)) }
    }
}
