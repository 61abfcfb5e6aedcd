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

    /// All of it in a line that is another one for another grant.
    var summary: String {
        let pipelines = self.pipelines.map { "\($0.map(\.rawValue).sorted())" } ?? "all"
        return "\(self.role.rawValue) \(pipelines)"
    }

    /// Whether a pipeline may be seen.
    package func covers(_ pipeline: PipelineID) -> Bool { self.pipelines?.contains(pipeline) ?? true }

    /// The pipelines that a request speaks of.
    ///
    /// - Parameters:
    ///   - name: What the request names; nil when it names none.
    ///   - pipelines: All that there are.
    /// - Returns: All that may be seen without a name; nil for a name that is none of them.
    package func selection(_ name: String?, of pipelines: [Pipeline]) -> [PipelineID]? {
        let visible = pipelines.map(\.id).filter { self.covers($0) }
        guard let name else { return visible }
        return visible.contains(PipelineID(name)) ? [PipelineID(name)] : nil
    }
}
