import EngineIO
import SocketIO
package import Web

extension MetricFamily {
    /// What the Socket.IO server has done and is doing.
    package static func sockets(_ metrics: SocketMetrics) -> [MetricFamily] {
        Self.sessions(metrics) + Self.namespaces(metrics) + Self.traffic(metrics)
    }

    private static func sessions(_ metrics: SocketMetrics) -> [MetricFamily] {
        [
            MetricFamily(
                "corpusd_socketio_connections", .gauge, "Clients that are connected.", by: "transport",
                [("polling", metrics.pollingSessions), ("websocket", metrics.webSocketSessions)]
            ),
            MetricFamily(
                "corpusd_socketio_connections_opened_total", .counter, "Connections that clients opened.",
                metrics.sessionsOpened
            ),
            MetricFamily(
                "corpusd_socketio_connections_closed_total", .counter, "Connections that ended, by why.", by: "reason",
                CloseReason.allCases.map { ($0.rawValue, metrics.sessionsClosed[$0] ?? 0) }
            ),
            MetricFamily(
                "corpusd_socketio_upgrades_total", .counter, "Connections that went from polling to WebSocket.",
                metrics.upgrades
            ),
            MetricFamily(
                "corpusd_socketio_recoveries_total", .counter,
                "Sockets that asked for what they missed, by whether they got it.", by: "result",
                [("hit", metrics.recoveryHits), ("miss", metrics.recoveryMisses)]
            ),
        ]
    }

    private static func namespaces(_ metrics: SocketMetrics) -> [MetricFamily] {
        [
            MetricFamily(
                "corpusd_socketio_sockets", .gauge, "Sockets that are in a namespace.", by: "namespace",
                metrics.sockets.sorted { $0.key < $1.key }
            ),
            MetricFamily(
                "corpusd_socketio_connects_total", .counter, "Sockets that joined a namespace.", metrics.connects
            ),
            MetricFamily(
                "corpusd_socketio_connects_refused_total", .counter, "Sockets that no namespace took.",
                metrics.connectsRefused
            ),
            MetricFamily(
                "corpusd_socketio_disconnects_total", .counter, "Sockets that left a namespace, by why.", by: "reason",
                DisconnectReason.allCases.map { ($0.rawValue, metrics.disconnects[$0] ?? 0) }
            ),
        ]
    }

    private static func traffic(_ metrics: SocketMetrics) -> [MetricFamily] {
        [
            MetricFamily(
                "corpusd_socketio_received_packets_total", .counter, "Engine.IO messages from clients.",
                metrics.packetsReceived
            ),
            MetricFamily(
                "corpusd_socketio_sent_packets_total", .counter, "Engine.IO messages to clients.", metrics.packetsSent
            ),
            MetricFamily(
                "corpusd_socketio_received_bytes_total", .counter, "Bytes of payloads and frames from clients.",
                metrics.bytesReceived
            ),
            MetricFamily(
                "corpusd_socketio_sent_bytes_total", .counter, "Bytes of payloads and frames to clients.",
                metrics.bytesSent
            ),
            MetricFamily(
                "corpusd_socketio_dropped_packets_total", .counter,
                "Volatile messages that were left out, as too much waited for their client.", metrics.packetsDropped
            ),
            MetricFamily(
                "corpusd_socketio_rejected_requests_total", .counter, "Requests that got an error, by why.",
                by: "cause", Rejection.allCases.map { ($0.rawValue, metrics.rejections[$0] ?? 0) }
            ),
        ]
    }
}
