import Daemon
import EngineIO
import FoundationEssentials
import Ingest
import SocketIO
import Testing
import Web

@Suite("Metrics in the Prometheus text format")
struct MetricsTextTests {
    @Test func metricIsHelpThenTypeThenSamples() {
        let family = MetricFamily("corpusd_things_total", .counter, "Things.", by: "kind", [("a", 1), ("b", 20)])
        let expected = """
            # HELP corpusd_things_total Things.
            # TYPE corpusd_things_total counter
            corpusd_things_total{kind="a"} 1
            corpusd_things_total{kind="b"} 20

            """
        #expect(MetricsText.encode([family]) == expected)
    }

    @Test func metricWithoutSamplesIsLeftOut() {
        #expect(MetricsText.encode([MetricFamily("a", .gauge, "A.", [])]) == "")
    }

    @Test(arguments: [
        (0.0, "0"), (-1, "-1"), (1e15, "1000000000000000"), (0.25, "0.25"), (1_795_370_414.25, "1795370414.25"),
        (1e300, "1e+300"), (Double.nan, "NaN"), (Double.infinity, "+Inf"), (-Double.infinity, "-Inf"),
    ])
    func numberIsWritten(_ value: Double, _ expected: String) {
        let family = MetricFamily("a", .gauge, "A.", [MetricFamily.Sample([], value)])
        #expect(MetricsText.encode([family]).hasSuffix("\na \(expected)\n"))
    }

    @Test func whatWouldBreakALineIsEscaped() throws {
        let value = "a\\b\"c\nd\\n{},=é\u{301}"
        let sample = MetricFamily.Sample([.init("label", value)], 1)
        let text = MetricsText.encode([MetricFamily("a", .gauge, "one\ntwo \\ \"three\"", [sample])])
        #expect(text.contains(#"# HELP a one\ntwo \\ "three""# + "\n"))
        #expect(text.contains(#"a{label="a\\b\"c\nd\\n{},="#))
        #expect(try PrometheusText(text).value("a", ["label": value]) == 1)
    }

    @Test func everythingThatIsServedIsWellFormed() throws {
        var metrics = SocketMetrics()
        metrics.pollingSessions = 3
        metrics.sockets = ["/pipeline": 2, "/": 1]
        metrics.sessionsClosed = [.pingTimeout: 4]
        metrics.rejections = [.forbidden: 5]
        var docs = Self.status("docs")
        docs.lastCheckAt = Date(timeIntervalSince1970: 1_000)
        let families =
            MetricFamily.process(startedAt: Date(timeIntervalSince1970: 1_000_000.5), residentBytes: 4_096)
            + MetricFamily.pipelines([docs, Self.status("mail")])
            + MetricFamily.events(EventTally.Counts())
            + MetricFamily.sockets(metrics)
        let text = try PrometheusText(MetricsText.encode(families))
        #expect(text.families.count == families.count)
        #expect(text.value("process_start_time_seconds") == 1_000_000.5)
        #expect(text.value("corpusd_build_info", ["version": Version.current]) == 1)
        #expect(text.value("corpusd_socketio_connections", ["transport": "polling"]) == 3)
        #expect(text.value("corpusd_socketio_sockets", ["namespace": "/pipeline"]) == 2)
        #expect(text.value("corpusd_socketio_connections_closed_total", ["reason": "ping_timeout"]) == 4)
        #expect(text.value("corpusd_socketio_connections_closed_total", ["reason": "slow_client"]) == 0)
        #expect(text.value("corpusd_socketio_rejected_requests_total", ["cause": "forbidden"]) == 5)
    }

    @Test func memoryThatIsNotKnownIsLeftOut() throws {
        let text = MetricsText.encode(MetricFamily.process(startedAt: Date(), residentBytes: nil))
        #expect(try PrometheusText(text).families["process_resident_memory_bytes"] == nil)
    }

    @Test func pipelinesAreToldApart() throws {
        var docs = Self.status("docs")
        docs.state = .online
        docs.totalProcessed = 7
        docs.totalFailed = 1
        docs.totalSkipped = 2
        docs.totalRemoved = 3
        docs.queued = 4
        docs.stored = StoreTotals(documents: 5, chunks: 6, revision: 1, failed: 8, retrying: 9)
        docs.lastCheckAt = Date(timeIntervalSince1970: 1_000)
        let text = try PrometheusText(MetricsText.encode(MetricFamily.pipelines([docs, Self.status("mail")])))
        let labels = ["pipeline_id": "docs", "pipeline_type": "local_files"]
        let expected: [String: Double] = [
            "corpusd_documents_processed_total": 7, "corpusd_documents_failed_total": 1,
            "corpusd_documents_skipped_total": 2, "corpusd_documents_removed_total": 3, "corpusd_documents_queued": 4,
            "corpusd_documents_processing": 0, "corpusd_documents_stored": 5, "corpusd_chunks_stored": 6,
            "corpusd_documents_dead_letters": 8, "corpusd_documents_retrying": 9,
            "corpusd_pipeline_last_check_timestamp_seconds": 1_000,
        ]
        for (name, value) in expected { #expect(text.value(name, labels) == value, "\(name)") }
        let states = try #require(text.families["corpusd_pipeline_state"]).samples.filter { $0.value == 1 }
        #expect(
            Set(states.keys) == [
                labels.merging(["state": "online"]) { $1 },
                ["pipeline_id": "mail", "pipeline_type": "local_files", "state": "initializing"],
            ]
        )
        #expect(text.families["corpusd_pipeline_last_check_timestamp_seconds"]?.samples.count == 1)
    }

    private static func status(_ id: String) -> PipelineStatus {
        PipelineStatus(
            pipeline: Pipeline(
                id: PipelineID(id), type: .localFiles, checkInterval: .seconds(60), watchLocation: "/srv/\(id)"
            ),
            startedAt: Date(timeIntervalSince1970: 0)
        )
    }
}
