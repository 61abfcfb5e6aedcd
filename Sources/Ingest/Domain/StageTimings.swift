/// How long each stage of one attempt took, in seconds; extraction includes fetching and hashing.
package struct StageTimings: Hashable, Sendable {
    private var seconds: [Stage: Double] = [:]

    package init() {}

    /// Nil for a stage that the attempt did not get to.
    package subscript(stage: Stage) -> Double? {
        get { self.seconds[stage] }
        set { self.seconds[stage] = newValue }
    }
}
