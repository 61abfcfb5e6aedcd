extension Config.Embedding {
    /// The keys of `embedding` with `provider: openai`: which service, which model, and how much it is asked for.
    package struct Service: Equatable, Sendable {
        /// `base_url`: where the API is, without the `/embeddings` that is added.
        ///
        /// Default `https://api.openai.com/v1`.
        package var baseURL: String
        /// `model`: what the service calls it.
        ///
        /// Required.
        package var model: String
        /// `dimensions`: the length of the model's vectors.
        ///
        /// 1 to 8192. Required.
        package var dimensions: Int
        /// `shorten`: whether the service is asked for vectors of that length; only some models can.
        ///
        /// Default false.
        package var shortens: Bool
        /// `revision`: tells vectors of a model from those that the same name stood for before.
        ///
        /// Default none.
        package var revision: String
        /// `passage_prefix`: what the model wants before each passage, such as `passage: `.
        ///
        /// Bytes up to half of `max_tokens`. Default none.
        package var passagePrefix: String
        /// `query_prefix`: what the model wants before each question, such as `query: `.
        ///
        /// Bytes up to half of `max_tokens`. Default none.
        package var queryPrefix: String
        /// `api_key_file` or `api_key_credential`: where the key is; a service of one's own may need none.
        package var key: Config.SecretPlace?
        /// `max_tokens`: the longest text that the model reads to its end.
        ///
        /// 32 to 131072. Default 512.
        package var maxTokens: Int
        /// `batch_inputs`: texts in one request.
        ///
        /// 1 to 2048. Default 32.
        package var batchInputs: Int
        /// `batch_tokens`: tokens in one request, as they are estimated.
        ///
        /// 256 to 300000. Default 100000.
        package var batchTokens: Int
        /// `concurrency`: requests at once.
        ///
        /// 1 to 64. Default 4.
        package var concurrency: Int
        /// `timeout`: for one request with its answer.
        ///
        /// 1s to 10m. Default 60s.
        package var timeout: Duration
        /// `patience`: how long a document waits for a service that does not answer before the next one is looked at.
        ///
        /// 1s to 10m. Default 60s.
        package var patience: Duration

        init(from yaml: inout MappingReader) {
            self.baseURL =
                yaml.value("base_url") { scalar throws(InvalidValue) in try ServiceAddress(scalar).text }?.value
                ?? "https://api.openai.com/v1"
            self.model = yaml.required("model", "write what the service calls it", Self.word)?.value ?? ""
            let dimensions = yaml.required("dimensions", "write how long the model's vectors are, such as 1536") {
                scalar throws(InvalidValue) in try Int(scalar, in: 1...8_192)
            }
            self.dimensions = dimensions?.value ?? 1
            self.shortens = yaml.bool("shorten", default: false)
            self.revision = yaml.value("revision", Self.word)?.value ?? ""
            self.passagePrefix = yaml.value("passage_prefix", Self.prefix)?.value ?? ""
            self.queryPrefix = yaml.value("query_prefix", Self.prefix)?.value ?? ""
            self.key = Config.SecretPlace(
                from: &yaml, file: "api_key_file", credential: "api_key_credential", isRequired: false
            )
            self.maxTokens = yaml.int("max_tokens", in: 32...131_072, default: 512)
            self.batchInputs = yaml.int("batch_inputs", in: 1...2_048, default: 32)
            self.batchTokens = yaml.int("batch_tokens", in: 256...300_000, default: 100_000)
            self.concurrency = yaml.int("concurrency", in: 1...64, default: 4)
            self.timeout = yaml.duration("timeout", in: .seconds(1) ... .seconds(600), default: .seconds(60))
            self.patience = yaml.duration("patience", in: .seconds(1) ... .seconds(600), default: .seconds(60))
            if !yaml.hasProblems, self.batchTokens < self.maxTokens {
                yaml.report(
                    "batch_tokens", "must not be less than 'max_tokens', which is \(self.maxTokens)",
                    at: yaml.mark(of: yaml.has("batch_tokens") ? "batch_tokens" : "max_tokens")
                )
            }
            self.reportLongPrefixes(&yaml)
        }

        /// Reports what would leave a passage or a question no room.
        private func reportLongPrefixes(_ yaml: inout MappingReader) {
            let limit = self.maxTokens / 2
            for (key, text) in [("passage_prefix", self.passagePrefix), ("query_prefix", self.queryPrefix)]
            where text.utf8.count > limit {
                let problem = "must not be longer than \(limit) bytes, half of 'max_tokens'"
                yaml.report(key, problem, at: yaml.mark(of: key))
            }
        }

        /// Text of one line or more; a space at its end counts.
        private static func prefix(_ scalar: Node.Scalar) throws(InvalidValue) -> String {
            let isText = scalar.text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || $0.value >= 0x20 }
            guard isText, !scalar.text.unicodeScalars.contains("\u{7F}") else {
                throw InvalidValue("must be text without control characters, not \(scalar.text.quoted)")
            }
            return scalar.text
        }

        private static func word(_ scalar: Node.Scalar) throws(InvalidValue) -> String {
            let isPrintable = scalar.text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
            guard isPrintable, (1...200).contains(scalar.text.utf8.count) else {
                throw InvalidValue(
                    "must be a word of at most 200 printable ASCII characters, not \(scalar.text.quoted)")
            }
            return scalar.text
        }
    }
}
