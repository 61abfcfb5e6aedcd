import Glibc
import NIOCore

/// Why the web server cannot listen.
package enum WebServerError: Error, Equatable, CustomStringConvertible {
    case portInUse(host: String, port: Int)
    case notPermitted(host: String, port: Int)
    case addressNotAvailable(host: String)
    case unresolvable(host: String)
    case failed(host: String, port: Int, reason: String)

    /// Finds out what a failed bind means.
    init(binding error: any Error, host: String, port: Int) {
        switch error {
        case let error as IOError where error.errnoCode == EADDRINUSE: self = .portInUse(host: host, port: port)
        case let error as IOError where error.errnoCode == EACCES: self = .notPermitted(host: host, port: port)
        case let error as IOError where error.errnoCode == EADDRNOTAVAIL: self = .addressNotAvailable(host: host)
        case is SocketAddressError: self = .unresolvable(host: host)
        default: self = .failed(host: host, port: port, reason: String(describing: error))
        }
    }

    package var description: String {
        switch self {
        case .portInUse(let host, let port):
            "cannot listen on '\(host)' port \(port): another program already does; stop it or choose another port"
        case .notPermitted(let host, let port):
            "cannot listen on '\(host)' port \(port): ports below 1024 need a privilege; choose a higher port"
        case .addressNotAvailable(let host):
            "cannot listen on '\(host)': no network interface has this address; choose '0.0.0.0', '::' or one of ours"
        case .unresolvable(let host):
            "cannot listen on '\(host)': the name has no address; correct it or write an address"
        case .failed(let host, let port, let reason):
            "cannot listen on '\(host)' port \(port): \(reason); choose another address"
        }
    }
}
