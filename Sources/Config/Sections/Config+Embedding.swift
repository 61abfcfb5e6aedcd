extension Config {
    /// `embedding`: who turns text into vectors.
    package struct Embedding: Equatable, Sendable {
        package enum Provider: String, Sendable, CaseIterable {
            /// A model in this process, with nothing sent anywhere.
            case builtin
        }

        /// `provider`.
        ///
        /// Default `builtin`.
        package var provider: Provider
        /// `model_path`: the directory with the model's files.
        ///
        /// Default `/usr/share/corpusd/models/all-MiniLM-L6-v2`.
        package var modelPath: String

        init(from yaml: inout MappingReader) {
            self.provider = yaml.choice("provider", default: .builtin)
            let fallback = AbsolutePath("/usr/share/corpusd/models/all-MiniLM-L6-v2")
            self.modelPath = yaml.path("model_path", default: fallback).string
        }
    }
}
