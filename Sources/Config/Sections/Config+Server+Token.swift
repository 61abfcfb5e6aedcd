extension Config.Server.Auth {
    /// An entry of `tokens`: what whoever knows a secret may do.
    package struct Token: Equatable, Sendable {
        /// What it allows; the raw values are those of the file.
        package enum Role: String, Sendable, CaseIterable {
            case read
            /// Reading, and everything that changes what the daemon does.
            case control
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
        package var place: Config.SecretPlace

        /// Where `pipelines` stands, for checks against the others.
        let mark: Mark

        init(from yaml: inout MappingReader) {
            self.name =
                yaml.required("name", "name it for the log, such as 'operator'", Config.SecretPlace.name)?.value ?? ""
            let role = yaml.required("role", "write 'role: read' or 'role: control'", Role.init(choosing:))
            self.role = role?.value ?? .read
            self.pipelines = yaml.list("pipelines") { scalar throws(InvalidValue) in scalar.text }
            self.mark = yaml.mark(of: "pipelines")
            if self.pipelines?.isEmpty == true, yaml.isEmpty("pipelines") {
                yaml.report("pipelines", "is empty: remove it to allow all", at: self.mark)
            }
            self.place =
                Config.SecretPlace(from: &yaml, file: "file", credential: "credential", isRequired: true) ?? .file("")
        }
    }
}
