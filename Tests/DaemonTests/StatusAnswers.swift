import FoundationEssentials
import SocketIO

/// Answers of a daemon, for the tests of what a terminal shows of them.
enum StatusAnswers {
    /// The present: 20 seconds into a minute.
    static let now = Date(timeIntervalSince1970: 1_795_370_420)

    static func time(_ offset: Double) -> JSONValue {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return .string(Self.now.addingTimeInterval(offset).formatted(style))
    }

    /// A pipeline in which everything happens; fields of `changes` take the place of its own.
    static func pipeline(_ id: String = "manuals", _ changes: [String: JSONValue] = [:]) -> JSONValue {
        let zeros = Array(repeating: JSONValue.int(0), count: 58)
        let fields: [String: JSONValue] = [
            "pipeline_id": .string(id), "pipeline_type": "local_files", "status": "online", "problem": .null,
            "watch_location": "/srv/manuals", "timestamp": Self.time(0), "started_at": Self.time(-12_000),
            "total_files": 1_204, "total_chunks": 34_000, "files_queued": 14, "failed_files": 12,
            "retrying_files": 3, "next_check_time": Self.time(41.2), "is_checking": false,
            "history": [
                "from": Self.time(-3_560), "completed": .array(zeros + [3, 9]), "failed": .array(zeros + [0, 2]),
            ],
            "files_processing": [
                [
                    "name": "book.pdf", "processing_stage": "embedding", "progress": .double(0.53),
                    "size": 4_200_000, "started_at": Self.time(-12),
                ]
            ],
            "files_failed": [Self.failure("bad\u{1B}[2J\u{202E}.pdf")],
            "files_completed": [
                [
                    "name": "note.txt", "completed_at": Self.time(-75),
                    "results": ["chunks_created": 12, "embeddings_reused": 12, "processing_duration": .double(2.41)],
                ]
            ],
        ]
        return .object(fields.merging(changes) { $1 })
    }

    static func failure(_ name: String) -> JSONValue {
        [
            "name": .string(name), "failed_at": Self.time(-60),
            "error": [
                "message": "it is damaged", "stage": "extraction", "attempt": 2, "next_attempt_at": Self.time(29.5),
            ],
        ]
    }

    /// One in which nothing happens.
    static func quiet(_ id: String = "manuals", _ changes: [String: JSONValue] = [:]) -> JSONValue {
        let nothing: [String: JSONValue] = [
            "files_queued": 0, "failed_files": 0, "retrying_files": 0, "files_processing": [], "files_failed": [],
            "files_completed": [],
        ]
        return Self.pipeline(id, nothing.merging(changes) { $1 })
    }

    static func all(_ pipelines: JSONValue...) -> JSONValue { ["pipelines": .array(pipelines)] }

    static func held(_ count: Int, of pipeline: String = "manuals") -> JSONValue {
        [
            "pipelines": [
                [
                    "pipeline_id": .string(pipeline), "held": .int(count), "kept": 0,
                    "files": .array((0..<count).map { ["path": .string("tree/\($0).txt")] }),
                ]
            ]
        ]
    }
}
