/// Collects what several clients answer to one event, until all have or the time is over.
///
/// The clients live on several event loops, each of which tells once whom it asked; the answers of its clients come
/// after that. There is exactly one outcome, whatever comes afterwards.
package struct BroadcastAnswers: Sendable {
    /// What was answered, and by whom not.
    package struct Outcome: Equatable, Sendable {
        /// One answer: its client, and the arguments.
        package struct Answer: Equatable, Sendable {
            package let socket: SocketID
            package let arguments: [JSONValue]
        }

        /// In the order in which they came.
        package let answers: [Answer]
        /// Clients that left, or did not answer in time.
        package let missing: Set<SocketID>
    }

    private var partsLeft: Int
    private var waiting: Set<SocketID> = []
    private var missing: Set<SocketID> = []
    private var answers: [Outcome.Answer] = []
    private var isOver = false

    /// Starts to collect.
    ///
    /// - Parameter parts: How many event loops ask their clients; at least one.
    package init(parts: Int) { self.partsLeft = parts }

    /// An event loop has asked these clients, none of which any other has asked.
    ///
    /// - Returns: The outcome, if nobody is left to answer.
    package mutating func asked(_ sockets: some Sequence<SocketID>) -> Outcome? {
        self.partsLeft -= 1
        self.waiting.formUnion(sockets)
        return self.outcomeIfComplete()
    }

    /// A client answered; a second time, or one that nobody asked, changes nothing.
    ///
    /// - Returns: The outcome, if it was the last.
    package mutating func answered(_ socket: SocketID, _ arguments: [JSONValue]) -> Outcome? {
        guard !self.isOver, self.waiting.remove(socket) != nil else { return nil }
        self.answers.append(Outcome.Answer(socket: socket, arguments: arguments))
        return self.outcomeIfComplete()
    }

    /// A client left, or did not answer in its time.
    ///
    /// - Returns: The outcome, if it was the last.
    package mutating func lost(_ socket: SocketID) -> Outcome? {
        guard !self.isOver, self.waiting.remove(socket) != nil else { return nil }
        self.missing.insert(socket)
        return self.outcomeIfComplete()
    }

    /// The time is over: who has not answered is missing.
    ///
    /// - Returns: The outcome, unless there was one before.
    package mutating func deadlinePassed() -> Outcome? {
        guard !self.isOver else { return nil }
        self.missing.formUnion(self.waiting)
        self.waiting = []
        return self.finish()
    }

    private mutating func outcomeIfComplete() -> Outcome? {
        self.partsLeft <= 0 && self.waiting.isEmpty && !self.isOver ? self.finish() : nil
    }

    private mutating func finish() -> Outcome {
        self.isOver = true
        return Outcome(answers: self.answers, missing: self.missing)
    }
}
