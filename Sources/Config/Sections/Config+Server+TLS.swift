extension Config.Server {
    /// `tls`: the certificate that the server shows; without it, it speaks plain HTTP.
    package struct TLS: Equatable, Sendable {
        /// `certificate`: a PEM file with the certificate, and behind it those that lead to a known authority.
        ///
        /// Absolute. Required.
        package var certificate: String
        /// `key`: a PEM file with the private key.
        ///
        /// Absolute. Required.
        package var key: String

        init(from yaml: inout MappingReader) {
            let directory = yaml.directory
            let path = { (scalar: Node.Scalar) throws(InvalidValue) in
                try AbsolutePath(scalar.text, relativeTo: directory).string
            }
            self.certificate = yaml.required("certificate", "name the PEM file of the certificate", path)?.value ?? ""
            self.key = yaml.required("key", "name the PEM file of the private key", path)?.value ?? ""
        }
    }
}
