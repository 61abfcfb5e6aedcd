package import Ingest

/// The rooms of a namespace, by the server's own names for them.
///
/// Each kind has a prefix of its own, as a pipeline may be called `local_files` or `all`. What clients are told of the
/// room of a type is the contract's `pipeline:<pipeline_type>`.
package enum Rooms {
    /// The room of those who may hear everything and never subscribed.
    package static let everything = "all"

    /// The room of those who subscribed to a pipeline.
    package static func of(_ pipeline: PipelineID) -> String { "pipeline:\(pipeline)" }

    /// The room of those who subscribed to a type: every pipeline of it, so nobody's whose token covers some only.
    package static func of(_ type: PipelineType) -> String { "type:\(type.rawValue)" }

    /// The rooms in which an event of a pipeline is heard.
    package static func hearing(_ pipeline: Pipeline) -> [String] {
        [Self.everything, Self.unsubscribed(pipeline.id), Self.of(pipeline.id), Self.of(pipeline.type)]
    }

    /// The rooms of a socket before it subscribes to anything.
    ///
    /// - Parameters:
    ///   - pipelines: Those of its namespace that it may know of.
    ///   - isLimited: Whether its token covers some pipelines only.
    /// - Returns: What to join when it comes, and to leave when it subscribes.
    package static func initial(_ pipelines: [Pipeline], isLimited: Bool) -> [String] {
        isLimited ? pipelines.map { Self.unsubscribed($0.id) } : [Self.everything]
    }

    /// Whether a client that comes back may have its rooms again, and hears in them what it would if it came afresh.
    ///
    /// - Parameters:
    ///   - rooms: Those that it was in.
    ///   - pipelines: Those of its namespace that it may know of now.
    ///   - isLimited: Whether its token covers some pipelines only.
    /// - Returns: False when it was there with a token that allows something else.
    package static func suit(_ rooms: Set<String>, pipelines: [Pipeline], isLimited: Bool) -> Bool {
        guard isLimited else { return !rooms.contains { $0.hasPrefix(Self.unsubscribedPrefix) } }
        let initial = Set(Self.initial(pipelines, isLimited: true))
        return rooms.isSubset(of: initial.union(pipelines.map { Self.of($0.id) }))
            && (rooms.isDisjoint(with: initial) || rooms.isSuperset(of: initial))
    }

    private static let unsubscribedPrefix = "all:"

    /// The room of those whose token covers some pipelines, this one among them, and who never subscribed.
    private static func unsubscribed(_ pipeline: PipelineID) -> String { Self.unsubscribedPrefix + pipeline.rawValue }
}
