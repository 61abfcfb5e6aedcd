import Glibc

/// How many files and connections the process may have open at once.
enum OpenFileLimit {
    /// What the daemon has open besides clients: the store, watched folders, documents in work, their parsers.
    static let reserve = 512

    /// Raises the limit as far as it helps and the system allows; many systems begin at 1,024 and allow far more.
    ///
    /// - Parameter count: How many are wanted.
    /// - Returns: How many there may be now.
    static func raise(to count: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        let wanted = min(rlim_t(count), limit.rlim_max)
        guard wanted > limit.rlim_cur else { return Int(clamping: limit.rlim_cur) }
        let present = limit.rlim_cur
        limit.rlim_cur = wanted
        let isRaised = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        return Int(clamping: isRaised ? wanted : present)
    }
}
