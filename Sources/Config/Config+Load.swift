extension Config {
    /// The largest file that is read, in bytes: 1 MiB, a thousand times a usual configuration.
    package static let sizeLimit = 1 << 20

    /// Reads and validates a configuration file.
    ///
    /// Blocks while it reads: call it before the daemon starts its work. Never reads more than `sizeLimit` and a
    /// byte, also from a device or a pipe.
    ///
    /// - Parameter path: Absolute, or relative to the working directory. Relative paths inside the file begin at
    ///   the file's directory.
    /// - Returns: What the file says.
    /// - Throws: Every problem found, or one without a position when the file cannot be read.
    package static func load(path: String) throws(InvalidConfiguration) -> Config {
        let text: [UInt8]
        let directory: String
        do {
            text = try FileText.read(path, limit: Self.sizeLimit + 1)
            directory = try FileText.directory(of: path)
        } catch {
            throw InvalidConfiguration([Diagnostic(file: path, mark: nil, message: error.description)])
        }
        return try Config(yaml: text, file: path, directory: directory)
    }
}
