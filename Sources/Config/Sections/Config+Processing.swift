extension Config {
    /// `processing`: how much of the machine the work may take, and what it does besides reading text.
    package struct Processing: Equatable, Sendable {
        /// `workers`: documents in work at once.
        ///
        /// 1 to 64; nil, written `auto` and the default, is one for each processor core.
        package var workers: Int?
        /// `ocr`: whether text is read from images and from scans.
        ///
        /// Default false.
        package var ocr: Bool
        /// `ocr_languages`: the languages to expect there, by tesseract's names, the most frequent first.
        ///
        /// Default `[eng]`.
        package var ocrLanguages: [String]

        init(from yaml: inout MappingReader) {
            let workers = yaml.value("workers") { scalar throws(InvalidValue) -> Int? in
                scalar.text == "auto" ? nil : try Int(scalar, in: 1...64, or: "auto")
            }
            self.workers = workers?.value
            self.ocr = yaml.bool("ocr", default: false)
            let languages = yaml.list("ocr_languages") { scalar throws(InvalidValue) in try Self.language(scalar) }
            self.ocrLanguages = languages ?? ["eng"]
        }

        /// A name goes onto a command line and into a file's name.
        private static func language(_ scalar: Node.Scalar) throws(InvalidValue) -> String {
            let name = scalar.text
            let isName = name.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7A || $0 >= 0x41 && $0 <= 0x5A || $0 == 0x5F }
            guard isName, (3...32).contains(name.utf8.count), name.first != "_" else {
                throw InvalidValue(
                    "must be a language by tesseract's name, such as eng, deu or chi_sim, not \(scalar.text.quoted)")
            }
            return name
        }
    }
}
