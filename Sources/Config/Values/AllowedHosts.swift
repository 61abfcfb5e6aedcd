/// Under which names a client may ask for the server; a page that has its own name lead to this machine uses another.
package enum AllowedHosts: Equatable, Sendable {
    /// Any.
    case any
    /// These, in lower case and without port, and always `localhost`, `127.0.0.0/8` and `::1`.
    case listed([String])
    /// Nothing was said: as `.listed([])` where the server listens on a loopback address, else `.any`.
    case automatic

    /// - Parameter entries: Nil stands for `*`.
    init(_ entries: [HostName?]) {
        let names = entries.compactMap { $0?.text }
        if names.count < entries.count {
            self = .any
        } else {
            self = names.isEmpty ? .automatic : .listed(names)
        }
    }
}
