package import FoundationEssentials

extension MetricFamily {
    /// What the process is: its version, its age and its size.
    package static func process(startedAt: Date, residentBytes: Int?) -> [MetricFamily] {
        [
            MetricFamily(
                "corpusd_build_info", .gauge, "Always 1; the label says what runs.",
                [Sample([Label("version", Version.current)], 1)]
            ),
            MetricFamily(
                "process_start_time_seconds", .gauge, "When the process started, in Unix time.",
                [Sample([], startedAt.timeIntervalSince1970)]
            ),
            MetricFamily(
                "process_resident_memory_bytes", .gauge, "Resident memory.",
                residentBytes.map { [Sample([], Double($0))] } ?? []
            ),
        ]
    }
}
