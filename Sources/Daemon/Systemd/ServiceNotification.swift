/// One thing to tell the service manager.
///
/// Source: sd_notify(3).
package enum ServiceNotification: Equatable, Sendable {
    /// The daemon serves; also the end of `.reloading`.
    case ready
    /// The configuration is being looked at; the time is of the monotonic clock.
    case reloading(at: Duration)
    case stopping
    /// What it does, for people.
    case status(String)
    /// All parts are alive.
    case watchdog
    /// What is being done, start or stop, may take this long from now.
    case extendTimeout(Duration)

    /// The longest status that is sent, in characters; people read it on one line.
    private static let longestStatus = 400

    /// The lines of the datagram, each with its line break.
    package var text: String {
        switch self {
        case .ready: "READY=1\n"
        case .reloading(let time): "RELOADING=1\nMONOTONIC_USEC=\(Self.microseconds(time))\n"
        case .stopping: "STOPPING=1\n"
        case .status(let status): "STATUS=\(Self.line(status))\n"
        case .watchdog: "WATCHDOG=1\n"
        case .extendTimeout(let time): "EXTEND_TIMEOUT_USEC=\(Self.microseconds(time))\n"
        }
    }

    private static func microseconds(_ duration: Duration) -> Int64 {
        let parts = duration.components
        return parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000
    }

    /// Control characters would begin another assignment, or steer a terminal.
    private static func line(_ status: String) -> String {
        String(
            String.UnicodeScalarView(
                status.unicodeScalars.prefix(Self.longestStatus).map {
                    $0.properties.generalCategory == .control ? " " : $0
                }
            )
        )
    }
}
