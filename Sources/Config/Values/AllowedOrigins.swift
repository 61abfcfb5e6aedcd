/// Which other sites' pages may talk to the server from a browser.
package enum AllowedOrigins: Equatable, Sendable {
    /// All of them.
    case any
    /// These, each as a browser's `Origin` header writes it; the server's own pages need no entry.
    case listed([String])

    /// - Parameter entries: Nil stands for `*`.
    init(_ entries: [Origin?]) {
        let origins = entries.compactMap { $0?.text }
        self = origins.count == entries.count ? .listed(origins) : .any
    }
}
