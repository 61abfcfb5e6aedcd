import Glibc

/// What the service manager says in the environment; all of it is absent where there is none.
///
/// Source: sd_notify(3), sd_watchdog_enabled(3), sd_listen_fds(3), systemd.exec(5).
package struct ServiceEnvironment: Equatable, Sendable {
    /// The first descriptor that a service manager hands over.
    private static let firstDescriptor: CInt = 3
    /// More sockets than anybody hands over; a bound for what is looked at.
    private static let descriptorLimit: CInt = 64
    private static let names = [
        "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES",
        "RUNTIME_DIRECTORY",
    ]

    /// Where notifications go: an absolute path, or a name in the abstract space behind an `@`.
    package var notifySocket: String?
    /// How long the daemon may be silent before it is taken for dead.
    package var watchdogTimeout: Duration?
    /// Sockets that were opened for this process.
    package var descriptors: [CInt] = []
    /// A folder that is this service's own, and lasts until it is stopped.
    package var runtimeFolder: String?

    /// No service manager.
    package init() {}

    /// Reads the variables; one that makes no sense, or is meant for another process, counts as absent.
    package init(_ variables: [String: String], processID: CInt) {
        if let socket = variables["NOTIFY_SOCKET"], socket.hasPrefix("/") || socket.hasPrefix("@"), socket.count > 1 {
            self.notifySocket = socket
        }
        let isWatched = variables["WATCHDOG_PID"].map { CInt($0) == processID } ?? true
        if isWatched, let timeout = variables["WATCHDOG_USEC"].flatMap({ Int64($0) }), timeout > 0 {
            self.watchdogTimeout = .microseconds(timeout)
        }
        if let id = variables["LISTEN_PID"], CInt(id) == processID,
            let count = variables["LISTEN_FDS"].flatMap({ CInt($0) }), (1...Self.descriptorLimit).contains(count)
        {
            self.descriptors = Array(Self.firstDescriptor..<Self.firstDescriptor + count)
        }
        // There can be several; any will do.
        if let folder = variables["RUNTIME_DIRECTORY"]?.prefix(while: { $0 != ":" }), folder.hasPrefix("/") {
            self.runtimeFolder = String(folder)
        }
    }

    /// Takes what concerns this process out of its environment, so that no child finds it there.
    ///
    /// Call it once, before the program has other threads: the environment belongs to all of them.
    package static func take() -> ServiceEnvironment {
        var variables: [String: String] = [:]
        for name in Self.names {
            variables[name] = getenv(name).map { String(cString: $0) }
            unsetenv(name)
        }
        return ServiceEnvironment(variables, processID: getpid())
    }
}
