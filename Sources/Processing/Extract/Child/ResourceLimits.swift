import Glibc
import SystemPackage

/// Takes from the calling process what parsing a document does not need, for good and for whatever it becomes.
enum ResourceLimits {
    /// Files that poppler and libxml2 have open at a time, with the standard streams and the libraries being loaded.
    private static let openFiles = 64
    /// Seconds that the process outlives the time its parent gives it, so that the parent is the one to end it.
    private static let grace: Int64 = 5

    /// - Parameter limits: What the process may use from now on.
    /// - Throws: What the system says to the first limit that it refuses.
    static func apply(_ limits: ChildLimits) throws(Errno) {
        let cpu = Int(limits.cpuTime.components.seconds)
        try self.limit(RLIMIT_CPU, to: cpu, hard: cpu + 1)
        try self.limit(RLIMIT_AS, to: limits.memoryBytes)
        try self.limit(RLIMIT_FSIZE, to: 0)
        try self.limit(RLIMIT_CORE, to: 0)
        try self.limit(RLIMIT_NOFILE, to: self.openFiles)
        try self.limit(__RLIMIT_NPROC, to: 0)
        // An orphan that waits for something ends by itself; alarms survive exec.
        alarm(UInt32(clamping: limits.wallTime.components.seconds + self.grace))
        signal(SIGPIPE, SIG_DFL)
        guard chdir("/") == 0 else { throw Errno(rawValue: errno) }
    }

    private static func limit(
        _ resource: __rlimit_resource,
        to value: Int,
        hard: Int? = nil
    ) throws(Errno) {
        var present = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &present) == 0 else { throw Errno(rawValue: errno) }
        let most = min(rlim_t(hard ?? value), present.rlim_max)
        var limit = rlimit(rlim_cur: min(rlim_t(value), most), rlim_max: most)
        guard setrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { throw Errno(rawValue: errno) }
    }
}
