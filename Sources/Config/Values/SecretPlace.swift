extension Config {
    /// Where a secret is; the secret itself is never in the configuration, which others may read.
    package enum SecretPlace: Equatable, Sendable {
        /// An absolute path.
        case file(String)
        /// The name of a credential that systemd passes on.
        case credential(String)
    }
}

extension Config.SecretPlace {
    /// Reads the two keys that can name the place.
    ///
    /// - Returns: Nil when neither is there, and when something is wrong with them, which has been reported.
    init?(from yaml: inout MappingReader, file fileKey: String, credential credentialKey: String, isRequired: Bool) {
        let directory = yaml.directory
        let file = yaml.value(fileKey) { scalar throws(InvalidValue) in
            try AbsolutePath(scalar.text, relativeTo: directory).string
        }
        let credential = yaml.value(credentialKey, Self.name)
        switch (file, credential) {
        case (let file?, nil): self = .file(file.value)
        case (nil, let credential?): self = .credential(credential.value)
        case (nil, nil):
            if isRequired, !yaml.hasProblems {
                yaml.report(
                    fileKey, "is missing: name the file with the secret, or a '\(credentialKey)'",
                    at: yaml.mark(of: fileKey)
                )
            }
            return nil
        case (_?, let credential?):
            yaml.report(credentialKey, "is a second place beside '\(fileKey)': keep one", at: credential.mark)
            return nil
        }
    }

    /// The name of a secret or of a credential.
    static func name(_ scalar: Node.Scalar) throws(InvalidValue) -> String {
        let isAllowed = scalar.text.unicodeScalars.allSatisfy {
            $0.isASCII
                && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-.".unicodeScalars.contains($0))
        }
        guard isAllowed, (1...64).contains(scalar.text.utf8.count), scalar.text.first != "." else {
            throw InvalidValue("must be 1 to 64 of letters, digits, '_', '-' and '.', not \(scalar.text.quoted)")
        }
        return scalar.text
    }
}
