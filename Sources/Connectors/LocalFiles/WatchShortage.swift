import Glibc
import Ingest

/// Directories that inotify cannot watch for want of resources, and what to raise; nothing is missed, only later seen.
package enum WatchShortage: Equatable, Sendable, CustomStringConvertible {
    /// `limit` is what the kernel allows the user now; nil when it does not say.
    case watches(count: Int, directories: Int, limit: Int?, interval: Duration)
    /// No inotify at all, as the user has as many instances as the kernel allows.
    case instances(directories: Int, limit: Int?, interval: Duration)
    /// For another reason than the limit.
    case refused(count: Int, directories: Int, reason: String, interval: Duration)

    package var description: String {
        switch self {
        case .watches(let count, let directories, let limit, let interval):
            "\(count) of \(directories) directories have no inotify watch and are read every \(Self.text(interval)) "
                + "instead: set 'fs.inotify.max_user_watches' to \((limit ?? directories) + count) or more"
                + (limit.map { " (it is \($0))" } ?? "")
        case .instances(let directories, let limit, let interval):
            "there is no inotify to be had and \(directories) directories are read every \(Self.text(interval)) "
                + "instead: set 'fs.inotify.max_user_instances' to \((limit ?? 128) * 2) or more"
                + (limit.map { " (it is \($0))" } ?? "")
        case .refused(let count, let directories, let reason, let interval):
            "\(count) of \(directories) directories cannot be watched (\(reason)) and are read every "
                + "\(Self.text(interval)) instead"
        }
    }

    /// How many watches the kernel allows one user.
    static var watchLimit: Int? { Self.least(of: ["fs/inotify/max_user_watches", "user/max_inotify_watches"]) }

    /// How many inotify instances the kernel allows one user.
    static var instanceLimit: Int? { Self.least(of: ["fs/inotify/max_user_instances", "user/max_inotify_instances"]) }

    /// The least of kernel parameters: those of `user` hold for this user namespace, the others for all.
    private static func least(of parameters: [String]) -> Int? {
        parameters.compactMap { parameter in
            guard let file = try? OwnedDescriptor(open("/proc/sys/\(parameter)", O_RDONLY | O_CLOEXEC)),
                let text = try? file.contents(limit: 64)
            else { return nil }
            return Int(String(decoding: text.prefix { $0 != 0x0A }, as: UTF8.self))
        }.min()
    }

    private static func text(_ interval: Duration) -> String {
        let milliseconds = Int(interval / .milliseconds(1))
        return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
    }
}
