extension MetricFamily {
    /// What came from clients and what was sent to them, each by its name.
    package static func events(_ counts: EventTally.Counts) -> [MetricFamily] {
        let received = ClientEvent.Name.allCases.flatMap { name in
            ClientEvent.Outcome.allCases.compactMap { outcome -> Sample? in
                let count = counts.received[.init(name: name, outcome: outcome)]
                // An event whose name nobody knows has no other outcome; the others never have this one.
                guard (name == .other) == (outcome == .unknown) else { return nil }
                return Sample(
                    [Label("event", name.rawValue), Label("outcome", outcome.rawValue)], Double(count ?? 0)
                )
            }
        }
        return [
            MetricFamily(
                "corpusd_client_events_total", .counter, "Events from clients, by what became of them.", received
            ),
            MetricFamily(
                "corpusd_events_emitted_total", .counter, "Events that were handed to the sockets.", by: "event",
                WireEvent.Kind.allCases.map { ($0.rawValue, counts.emitted[$0] ?? 0) }
            ),
            MetricFamily(
                "corpusd_event_emit_failures_total", .counter, "Events that could not be sent to anyone.", by: "event",
                WireEvent.Kind.allCases.map { ($0.rawValue, counts.failed[$0] ?? 0) }
            ),
        ]
    }
}
