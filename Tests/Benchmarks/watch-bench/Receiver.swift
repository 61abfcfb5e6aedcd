import Connectors
import Ingest

/// Keeps the ledger that the source begins with, and counts what it is offered.
actor Receiver: ChangeReceiver {
    private(set) var documents: [SourceDocument] = []
    private var isKeeping = true
    private let checks: AsyncStream<Double>.Continuation
    private var cpuAtStart = 0.0
    private(set) var offers: [String: ContinuousClock.Instant] = [:]

    init(checks: AsyncStream<Double>.Continuation) { self.checks = checks }

    func offer(_ change: Change) async throws {
        guard case .upserted(let document) = change else { return }
        if self.isKeeping { self.documents.append(document) } else { self.offers[document.path] = .now }
    }

    func stopKeeping() -> [SourceDocument] {
        self.isKeeping = false
        defer { self.documents = [] }
        return self.documents
    }

    func cursor() async throws -> String? { nil }
    func advance(to cursor: String) async throws {}
    func hold(_ documents: [DocumentID]) async {}
    func release(_ documents: [DocumentID]) async {}

    func report(_ event: SourceEvent) async {
        switch event {
        case .checkStarted: self.cpuAtStart = ProcessUse.cpuSeconds
        case .checkFinished: self.checks.yield(ProcessUse.cpuSeconds - self.cpuAtStart)
        case .unavailable(let message, _): print("unavailable: \(message)")
        }
    }
}
