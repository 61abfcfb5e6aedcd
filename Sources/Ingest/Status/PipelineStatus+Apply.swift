import FoundationEssentials

extension PipelineStatus {
    /// Folds one event in; the only code that changes a `PipelineStatus`.
    package mutating func apply(_ event: IngestEvent) {
        switch event.kind {
        case .pipelineRestored(let completed, let failed, let stored):
            self.completed = Array(completed.prefix(Self.completedLimit))
            self.failed = Array(failed.prefix(Self.failedLimit))
            self.stored = stored
        case .pipelineStopped(let reason):
            self.state = reason == .error ? .error : .offline
            self.processing = []
            self.isChecking = false
            self.nextCheckAt = nil
        case .source(let said):
            self.apply(said, of: event)
        case .queueChanged(let waiting):
            self.queued = waiting
        case .pauseChanged(let isPaused):
            self.isPaused = isPaused
            if self.state != .offline { self.state = self.stateOfSource }
        case .totalsChanged(let stored):
            self.update(stored)
        case .documentPostponed(let failed, let stored):
            if let index = self.failed.firstIndex(where: { $0.document.id == failed.document.id }) {
                self.failed[index] = failed
            }
            if let stored { self.update(stored) }
        default:
            self.lastActivityAt = event.at
            self.applyDocument(event.kind, at: event.at)
            self.applyHindrance(event.kind)
        }
    }

    /// What its place and a pause make of it, while it runs.
    private var stateOfSource: PipelineState {
        if self.problem != nil || self.hindrance != nil { return .error }
        if self.isPaused { return .paused }
        return self.lastCheckAt == nil && !self.isChecking ? .initializing : .online
    }

    private mutating func apply(_ said: SourceEvent, of event: IngestEvent) {
        switch said {
        case .checkStarted:
            self.isChecking = true
            if self.state == .initializing { self.state = self.stateOfSource }
        case .checkFinished(let nextCheckAt, let problem, let warning):
            self.isChecking = false
            self.lastCheckAt = event.at
            self.nextCheckAt = nextCheckAt
            self.problem = problem
            self.warning = warning
            self.state = self.stateOfSource
        case .unavailable(let message, let nextCheckAt):
            self.isChecking = false
            self.nextCheckAt = nextCheckAt
            self.problem = message
            self.state = self.stateOfSource
        }
    }

    private mutating func applyHindrance(_ kind: IngestEvent.Kind) {
        switch kind {
        case .documentFailed(let failed, _) where !failed.concernsDocument: self.hindrance = failed.failure.message
        case .documentStored, .documentRemoved: self.hindrance = nil
        default: return
        }
        if self.state != .offline { self.state = self.stateOfSource }
    }

    private mutating func applyDocument(_ kind: IngestEvent.Kind, at time: Date) {
        switch kind {
        case .documentStarted(let active):
            self.processing.removeAll { $0.document.id == active.document.id }
            self.processing.append(active)
        case .documentProgressed(let id, _, let stage, let progress):
            guard let index = self.processing.firstIndex(where: { $0.document.id == id }) else { return }
            self.processing[index].stage = stage
            self.processing[index].progress = max(progress, self.processing[index].progress)
        case .documentStored(let completed, let stored):
            self.forget(completed.document.id)
            self.completed.insert(completed, at: 0)
            if self.completed.count > Self.completedLimit { self.completed.removeLast() }
            self.totalProcessed += 1
            self.work.add(completed)
            self.history.recordCompleted(at: time)
            self.update(stored)
        case .documentFailed(let failed, let stored):
            self.processing.removeAll { $0.document.id == failed.document.id }
            self.failed.removeAll { $0.document.id == failed.document.id }
            self.failed.insert(failed, at: 0)
            if self.failed.count > Self.failedLimit { self.failed.removeLast() }
            self.totalFailed += 1
            self.history.recordFailed(at: time)
            if let stored { self.update(stored) }
        case .documentSkipped(let id, let stored):
            self.processing.removeAll { $0.document.id == id }
            self.totalSkipped += 1
            if let stored {
                self.forget(id)
                self.update(stored)
            } else {
                self.totalUnchanged += 1
            }
        case .documentRemoved(let id, _, _, let stored):
            self.forget(id)
            self.totalRemoved += 1
            self.update(stored)
        case .pipelineRestored, .pipelineStopped, .pauseChanged, .source, .queueChanged, .totalsChanged,
            .documentPostponed:
            break
        }
    }

    /// Takes totals over unless newer ones have come first: workers report at the same time, in any order.
    private mutating func update(_ stored: StoreTotals) {
        if stored.revision >= self.stored.revision { self.stored = stored }
    }

    /// Takes a document out of every list: what they said of it is no longer so.
    private mutating func forget(_ id: DocumentID) {
        self.processing.removeAll { $0.document.id == id }
        self.completed.removeAll { $0.document.id == id }
        self.failed.removeAll { $0.document.id == id }
    }
}
