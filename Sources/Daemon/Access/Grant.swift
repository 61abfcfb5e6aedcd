package import Ingest

/// What somebody may see and do.
package struct Grant: Equatable, Sendable {
    /// What is allowed; a later one allows all of those before it.
    package enum Role: Int, Sendable, Comparable {
        case read
        case control

        package static func < (one: Role, other: Role) -> Bool { one.rawValue < other.rawValue }
    }

    package var role: Role
    /// The only pipelines that it covers; nil means all.
    package var pipelines: Set<PipelineID>?

    package init(role: Role, pipelines: Set<PipelineID>? = nil) {
        self.role = role
        self.pipelines = pipelines
    }

    /// Whether a pipeline may be seen.
    package func covers(_ pipeline: PipelineID) -> Bool { self.pipelines?.contains(pipeline) ?? true }
}
