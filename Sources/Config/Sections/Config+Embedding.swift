extension Config {
    /// `embedding`: who turns text into vectors.
    package struct Embedding: Equatable, Sendable {
        package enum Provider: String, Sendable, CaseIterable {
            /// A model in this process, with nothing sent anywhere.
            case builtin
            /// A service that speaks the embeddings API of OpenAI.
            case openai
        }

        /// `provider`.
        ///
        /// Default `builtin`.
        package var provider: Provider
        /// `model_path`, of `builtin` only: the directory with the model's files.
        ///
        /// Default `/usr/share/corpusd/models/all-MiniLM-L6-v2`.
        package var modelPath: String
        /// What else `openai` needs; nil for `builtin`.
        package var service: Service?

        private static let defaultPath = AbsolutePath("/usr/share/corpusd/models/all-MiniLM-L6-v2")

        init(from yaml: inout MappingReader) {
            self.provider = yaml.choice("provider", default: .builtin)
            switch self.provider {
            case .builtin:
                self.modelPath = yaml.path("model_path", default: Self.defaultPath).string
                self.service = nil
            case .openai:
                self.modelPath = Self.defaultPath.string
                self.service = Service(from: &yaml)
            }
        }
    }
}
