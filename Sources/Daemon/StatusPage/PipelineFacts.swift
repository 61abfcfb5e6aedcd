import FoundationEssentials
import SocketIO

/// What an element of `GET /api/pipelines` says, as far as a terminal shows it; every text is safe to print.
struct PipelineFacts: Sendable {
    struct Active: Sendable {
        var name: String
        var stage: String
        var progress: Double
        var size: Int?
        var startedAt: Date?
    }

    struct Completed: Equatable, Sendable {
        var name: String
        var chunks: Int
        var reused: Int
        var seconds: Double?
        var at: Date?
    }

    struct Failed: Equatable, Sendable {
        var name: String
        var message: String
        var stage: String
        var attempt: Int
        var at: Date?
        var nextAttemptAt: Date?
    }

    let id: String
    let type: String
    /// As the contract names it: `online`.
    let state: String
    let problem: String?
    let place: String
    let isChecking: Bool
    let startedAt: Date?
    let nextCheckAt: Date?
    let files: Int
    let chunks: Int
    let waiting: Int
    let failedFiles: Int
    let retryingFiles: Int
    /// Files of each minute of the last hour; the last is the minute that goes on.
    let minutes: [Int]
    let failedMinutes: [Int]
    /// Files a minute, over the minute that goes on and the one before.
    let rate: Double
    let active: [Active]
    let completed: [Completed]
    let failed: [Failed]

    init(_ json: JSONValue) {
        self.id = Self.name(json["pipeline_id"])
        self.type = json["pipeline_type"]?.string == "google_drive" ? "Google Drive" : "local folder"
        self.state = Self.name(json["status"])
        self.problem = json["problem"]?.string.map { TerminalText.name($0) }
        self.place = Self.name(json["watch_location"])
        self.isChecking = json["is_checking"]?.bool ?? false
        self.startedAt = Self.time(json["started_at"])
        self.nextCheckAt = Self.time(json["next_check_time"])
        self.files = Self.count(json["total_files"])
        self.chunks = Self.count(json["total_chunks"])
        self.waiting = Self.count(json["files_queued"])
        self.failedFiles = Self.count(json["failed_files"])
        self.retryingFiles = Self.count(json["retrying_files"])
        let minutes = (json["history"]?["completed"]?.array ?? []).map { Self.count($0) }
        self.minutes = minutes
        self.failedMinutes = (json["history"]?["failed"]?.array ?? []).map { Self.count($0) }
        let from = Self.time(json["history"]?["from"])
        self.rate = Self.rate(minutes, from: from, at: Self.time(json["timestamp"]))
        self.active = (json["files_processing"]?.array ?? []).map(Self.active)
        self.completed = (json["files_completed"]?.array ?? []).map(Self.completed)
        self.failed = (json["files_failed"]?.array ?? []).map(Self.failed)
    }

    /// Seconds until nothing waits, at the speed of the last two minutes; nil while nobody can know.
    var secondsLeft: Double? {
        guard self.waiting > 0, self.rate >= 0.5, self.state == "online" else { return nil }
        return max(60, Double(self.waiting + self.active.count) / self.rate * 60)
    }

    private static func rate(_ minutes: [Int], from: Date?, at now: Date?) -> Double {
        guard minutes.count > 1, let from, let now else { return 0 }
        let elapsed = now.timeIntervalSince(from) / 60 - Double(minutes.count - 1)
        return Double(minutes[minutes.count - 1] + minutes[minutes.count - 2]) / (1 + min(max(elapsed, 0), 1))
    }

    private static func active(_ json: JSONValue) -> Active {
        Active(
            name: Self.name(json["name"]), stage: Self.name(json["processing_stage"]),
            progress: min(max(json["progress"]?.double ?? 0, 0), 1), size: json["size"]?.int,
            startedAt: Self.time(json["started_at"]))
    }

    private static func completed(_ json: JSONValue) -> Completed {
        let results = json["results"]
        return Completed(
            name: Self.name(json["name"]), chunks: Self.count(results?["chunks_created"]),
            reused: Self.count(results?["embeddings_reused"]), seconds: results?["processing_duration"]?.double,
            at: Self.time(json["completed_at"]))
    }

    private static func failed(_ json: JSONValue) -> Failed {
        let error = json["error"]
        return Failed(
            name: Self.name(json["name"]), message: Self.name(error?["message"]), stage: Self.name(error?["stage"]),
            attempt: Self.count(error?["attempt"]), at: Self.time(json["failed_at"]),
            nextAttemptAt: Self.time(error?["next_attempt_at"]))
    }

    private static func name(_ json: JSONValue?) -> String { TerminalText.name(json?.string ?? "?") }

    /// Counts are added up: a number that no count is must not overflow.
    private static func count(_ json: JSONValue?) -> Int { min(max(json?.int ?? 0, 0), 1 << 40) }

    private static func time(_ json: JSONValue?) -> Date? {
        json?.string.flatMap { try? Date($0, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }
    }
}
