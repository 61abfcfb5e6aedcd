extension Config.Server {
    /// `auth`: who may read and who may control; the word `none` instead lets everybody read, wherever from.
    package struct Auth: Equatable, Sendable {
        /// What somebody without a token may do; the raw values are those of the file.
        package enum Anonymous: String, Sendable, CaseIterable {
            case read
            case none
        }

        /// `anonymous`: what somebody without a token may do.
        ///
        /// Default `read` where the server listens on a loopback address, else `none`.
        package var anonymous: Anonymous
        /// `tokens`: who may do what; names are unique.
        ///
        /// Default none.
        package var tokens: [Token]
        /// Whether the word `none` was written out: then a listener for everybody is no mistake.
        package var isOff: Bool

        init(from yaml: inout MappingReader, listen: ListenAddress) {
            self.isOff = false
            let fallback: Anonymous = listen.isLoopback ? .read : .none
            self.anonymous = yaml.choice("anonymous", default: fallback)
            var names: Set<String> = []
            var repeated: String?
            self.tokens =
                yaml.sections("tokens") { section in
                    let token = Token(from: &section)
                    if !token.name.isEmpty, !names.insert(token.name).inserted { repeated = token.name }
                    return token
                } ?? []
            if let repeated {
                yaml.report(
                    "tokens", "has the name '\(repeated)' twice: give each its own", at: yaml.mark(of: "tokens")
                )
            }
        }

        /// What the word `none` means.
        static let off = Auth(anonymous: .read, tokens: [], isOff: true)

        private init(anonymous: Anonymous, tokens: [Token], isOff: Bool) {
            self.anonymous = anonymous
            self.tokens = tokens
            self.isOff = isOff
        }

        /// Whether somebody from another machine can be let in as the configuration meant it.
        var guardsNetwork: Bool { self.isOff || !self.tokens.isEmpty }

        /// Reports tokens for pipelines that there are not.
        func reportUnknownPipelines(in pipelines: [Config.Pipeline], to diagnostics: Diagnostics) {
            for (index, token) in self.tokens.enumerated() {
                for id in token.pipelines ?? [] where !pipelines.contains(where: { $0.id == id }) {
                    let known = pipelines.map { "'\($0.id)'" }.joined(separator: ", ")
                    diagnostics.report(
                        "'server.auth.tokens[\(index)].pipelines' names \(id.quoted), which is none of: \(known)",
                        at: token.mark
                    )
                }
            }
        }
    }
}
