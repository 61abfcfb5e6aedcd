/// Why the daemon cannot start although each part of its configuration is right.
package enum StartError: Error, Equatable, CustomStringConvertible {
    /// `isConfigurable`: whether the limit is the configuration's and not the model's own.
    case passagesTooLong(size: Int, limit: Int, isConfigurable: Bool)
    /// The service manager handed over a descriptor that is no listening socket.
    case notListening(descriptor: CInt)
    /// A socket of the service manager is open to machines that the configuration does not let in.
    case openSocket(address: String)

    package var description: String {
        switch self {
        case .passagesTooLong(let size, let limit, let isConfigurable):
            "'chunking.size' is \(size), but the model reads no more than \(limit) tokens of a passage; "
                + "set it to \(limit) or less"
                + (isConfigurable ? ", or raise 'embedding.max_tokens' to what the model really reads" : "")
        case .notListening(let descriptor):
            "cannot accept connections on descriptor \(descriptor) of the service manager: it is no listening stream "
                + "socket; write 'ListenStream=' and 'Accept=no' into the socket unit"
        case .openSocket(let address):
            "the service manager's socket '\(address)' is open to other machines, but 'server.listen' is not; "
                + "write the socket's address there, too, so that 'server.auth' is checked for it"
        }
    }
}
