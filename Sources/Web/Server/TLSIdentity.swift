import NIOSSL

/// A certificate with its private key, ready to be shown.
package struct TLSIdentity: Sendable {
    private let context: NIOSSLContext

    /// Reads both files and checks that they belong together; blocks.
    ///
    /// - Parameters:
    ///   - certificate: A PEM file with the certificate and those that lead to a known authority.
    ///   - key: A PEM file with the private key, not encrypted.
    /// - Throws: `TLSError`.
    package init(certificate: String, key: String) throws(TLSError) {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(certificate)
        } catch {
            throw .unreadableCertificate(path: certificate)
        }
        guard !chain.isEmpty else { throw .unreadableCertificate(path: certificate) }
        let privateKey: NIOSSLPrivateKey
        do {
            privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
        } catch {
            throw .unreadableKey(path: key)
        }
        do {
            self.context = try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: chain.map { .certificate($0) },
                    privateKey: .privateKey(privateKey)
                )
            )
        } catch {
            throw .mismatch(certificate: certificate, key: key)
        }
    }

    /// A handler for one connection.
    func makeHandler() -> NIOSSLServerHandler { NIOSSLServerHandler(context: self.context) }
}

/// Why a certificate cannot be shown: what failed, why, and what to do about it.
package enum TLSError: Error, Equatable, CustomStringConvertible {
    case unreadableCertificate(path: String)
    case unreadableKey(path: String)
    case mismatch(certificate: String, key: String)

    package var description: String {
        switch self {
        case .unreadableCertificate(let path):
            "cannot use the certificate '\(path)': it is missing, unreadable or no PEM; correct 'server.tls.certificate'"
        case .unreadableKey(let path):
            "cannot use the private key '\(path)': it is missing, unreadable, encrypted or no PEM; "
                + "correct 'server.tls.key' or let the service's user read it"
        case .mismatch(let certificate, let key):
            "cannot use '\(certificate)' with '\(key)': they do not belong together; make a new pair"
        }
    }
}
