/// Which texts go into which request: those of one document are filled up with those of others that wait.
///
/// A request leaves as soon as fewer than `concurrency` are on their way: nothing waits for company, and what came
/// together while all places were taken goes together.
package struct EmbeddingQueue: Sendable {
    /// Texts of one caller that fit in one request.
    package struct Job: Equatable, Sendable {
        package let id: Int
        package let texts: [String]
        /// Estimated, all texts together.
        package let tokens: Int
        /// Whether it shares no request: it may be what the service did not take.
        package var isAlone: Bool

        package init(id: Int, texts: [String], tokens: Int, isAlone: Bool = false) {
            self.id = id
            self.texts = texts
            self.tokens = tokens
            self.isAlone = isAlone
        }
    }

    private let inputs: Int
    private let tokens: Int
    private let concurrency: Int
    private var waiting: [Job] = []
    /// Jobs in the line.
    package var waitingCount: Int { self.waiting.count }
    /// Requests on their way.
    package private(set) var inFlight = 0

    package init(inputs: Int, tokens: Int, concurrency: Int) {
        self.inputs = inputs
        self.tokens = tokens
        self.concurrency = concurrency
    }

    package mutating func offer(_ job: Job) { self.waiting.append(job) }

    /// Puts jobs back to the head of the line, in their order; each is then sent alone if `isAlone`.
    package mutating func putBack(_ jobs: some Sequence<Job>, isAlone: Bool) {
        for var job in Array(jobs).reversed() {
            job.isAlone = job.isAlone || isAlone
            self.waiting.insert(job, at: 0)
        }
    }

    /// Takes a job out of the line whose caller is gone.
    package mutating func cancel(_ id: Int) { self.waiting.removeAll { $0.id == id } }

    /// Takes the jobs of the next request, which is then on its way; `finish` must follow.
    ///
    /// - Returns: At least one job; nil when nothing waits or enough is on its way.
    package mutating func next() -> [Job]? {
        guard self.inFlight < self.concurrency, !self.waiting.isEmpty else { return nil }
        let first = self.waiting.removeFirst()
        self.inFlight += 1
        var batch = [first]
        var inputs = first.texts.count
        var tokens = first.tokens
        while !first.isAlone, let job = self.waiting.first, !job.isAlone,
            inputs + job.texts.count <= self.inputs, tokens + job.tokens <= self.tokens
        {
            inputs += job.texts.count
            tokens += job.tokens
            batch.append(self.waiting.removeFirst())
        }
        return batch
    }

    /// A request came back, whatever came of it.
    package mutating func finish() { self.inFlight -= 1 }
}
