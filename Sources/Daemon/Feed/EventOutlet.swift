package import Ingest
package import Logging
package import SocketIO

/// Hands events of the pipelines to the sockets of their namespaces, and counts them.
///
/// Never blocks and never throws. The one thing that can fail is an event of more bytes than may wait for a client: it
/// would end every connection, so it is left out, counted by its name, and logged the first time.
package struct EventOutlet: Sendable {
    /// Sends an event to the sockets of a namespace that are in one of the rooms.
    package typealias Send =
        @Sendable (_ event: String, _ payload: EventPayload, _ namespace: String, _ rooms: [String]) -> Void

    private let tally: EventTally
    private let log: EventLog
    private let byteLimit: Int
    private let logger: Logger
    private let send: Send

    /// - Parameters:
    ///   - tally: Counts what is sent and what is not.
    ///   - log: Keeps the newest.
    ///   - byteLimit: The largest payload that is sent.
    ///   - logger: Told of the first failure of each name.
    ///   - send: Takes each event, once a namespace.
    package init(tally: EventTally, log: EventLog, byteLimit: Int, logger: Logger, send: @escaping Send) {
        self.tally = tally
        self.log = log
        self.byteLimit = byteLimit
        self.logger = logger
        self.send = send
    }

    /// Sends an event of a pipeline to all who want to hear it.
    package func emit(_ event: WireEvent, of pipeline: Pipeline) {
        let json = JSONValue.object(event.payload).encoded()
        guard json.count <= self.byteLimit else { return self.fail(event, bytes: json.count, of: pipeline) }
        let payload = EventPayload(json: json)
        let rooms = Rooms.hearing(pipeline)
        for namespace in Namespaces.names(for: pipeline) { self.send(event.name, payload, namespace, rooms) }
        self.tally.emitted(event.kind)
        self.log.append(event, of: pipeline)
    }

    private func fail(_ event: WireEvent, bytes: Int, of pipeline: Pipeline) {
        guard self.tally.failed(event.kind) == 1 else { return }
        self.logger.warning(
            "An event is too large to be sent; further ones are only counted.",
            metadata: [
                "event": "\(event.name)", "pipeline": "\(pipeline.id)", "bytes": "\(bytes)",
                "limit": "\(self.byteLimit)",
            ]
        )
    }
}
