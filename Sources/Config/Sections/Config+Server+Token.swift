extension Config.Server.Auth {
    /// An entry of `tokens`: what whoever knows a secret may do.
    package struct Token: Equatable, Sendable {
        /// What it allows; the raw values are those of the file.
        package enum Role: String, Sendable, CaseIterable {
            case read
            /// Reading, and everything that changes what the daemon does.
            case control
        }

        /// Where the secret itself is; never in the configuration, which others may read.
        package enum Place: Equatable, Sendable {
            /// An absolute path.
            case file(String)
            /// The name of a credential that systemd passes on.
            case credential(String)
        }

        /// `name`: what the log calls it.
        ///
        /// Required.
        package var name: String
        /// `role`: what it allows.
        ///
        /// Required.
        package var role: Role
        /// `pipelines`: the only ones that it shows and controls.
        ///
        /// Nil, the default, is all.
        package var pipelines: [String]?
        /// `file` or `credential`: where the secret is.
        ///
        /// One of them is required.
        package var place: Place

        /// Where `pipelines` stands, for checks against the others.
        let mark: Mark

        init(from yaml: inout MappingReader) {
            self.name = yaml.required("name", "name it for the log, such as 'operator'", Self.name)?.value ?? ""
            let role = yaml.required("role", "write 'role: read' or 'role: control'", Role.init(choosing:))
            self.role = role?.value ?? .read
            self.pipelines = yaml.list("pipelines") { scalar throws(InvalidValue) in scalar.text }
            self.mark = yaml.mark(of: "pipelines")
            if self.pipelines?.isEmpty == true, yaml.isEmpty("pipelines") {
                yaml.report("pipelines", "is empty: remove it to allow all", at: self.mark)
            }
            let directory = yaml.directory
            let file = yaml.value("file") { scalar throws(InvalidValue) in
                try AbsolutePath(scalar.text, relativeTo: directory).string
            }
            let credential = yaml.value("credential", Self.name)
            switch (file, credential) {
            case (let file?, nil): self.place = .file(file.value)
            case (nil, let credential?): self.place = .credential(credential.value)
            case (nil, nil):
                self.place = .file("")
                if !yaml.hasProblems {
                    yaml.report("file", "is missing: name the file with the secret, or a 'credential'", at: self.mark)
                }
            case (_?, let credential?):
                self.place = .file("")
                yaml.report("credential", "is a second place beside 'file': keep one", at: credential.mark)
            }
        }

        private static func name(_ scalar: Node.Scalar) throws(InvalidValue) -> String {
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
}
