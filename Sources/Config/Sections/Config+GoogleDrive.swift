extension Config.Pipeline {
    /// The keys of a pipeline of `type: google_drive` that no other type has.
    package struct GoogleDrive: Equatable, Sendable {
        /// What Google's own documents are turned into; the raw values are those of the file.
        package enum Format: String, Sendable, CaseIterable {
            case markdown, text, docx, xlsx, pptx, off
        }

        /// `shared_drives`: what is watched beside My Drive.
        package enum SharedDrives: Equatable, Sendable {
            /// `*`: every drive that the account is a member of.
            case all
            case listed([String])
        }

        /// `folder_id`: the folder to watch, with everything below it.
        ///
        /// Nil, the default, is all of My Drive.
        package var folderID: String?
        /// `credentials`: a service account's key file, or the file that `corpusd google-login` wrote.
        ///
        /// Absolute. Required.
        package var credentials: String
        /// `subject`: the person that a service account acts for.
        ///
        /// Nil, the default, is nobody.
        package var subject: String?
        /// `shared_drives`: which of them are watched beside My Drive.
        ///
        /// Default none.
        package var sharedDrives: SharedDrives
        /// `export`: the formats of Docs, Sheets and Slides.
        ///
        /// Default markdown, xlsx and text.
        package var documents = Format.markdown
        package var spreadsheets = Format.xlsx
        package var presentations = Format.text
        /// `acknowledge_abuse`: whether files are read that Google takes for malware.
        ///
        /// Default false.
        package var acknowledgesAbuse = false
        /// `requests_per_minute`: the part of the account's quota that this pipeline may use.
        ///
        /// 1 to 60000. Default 6000.
        package var requestsPerMinute = 6_000
        /// `api_endpoint`: where the Drive API is, without a slash at its end.
        ///
        /// Default `https://www.googleapis.com`.
        package var apiEndpoint = "https://www.googleapis.com"
        /// `token_endpoint`: where access tokens are had.
        ///
        /// Nil, the default, is what the credentials say.
        package var tokenEndpoint: String?

        /// Where `folder_id` stands, for checks against the others.
        let folderMark: Mark?

        static let keys = [
            "folder_id", "credentials", "subject", "shared_drives", "export", "acknowledge_abuse",
            "requests_per_minute", "api_endpoint", "token_endpoint",
        ]

        /// Where something stands is no part of what it says.
        package static func == (left: GoogleDrive, right: GoogleDrive) -> Bool { left.facts == right.facts }

        private var facts: [String] {
            let texts = [
                self.folderID, self.credentials, self.subject, "\(self.sharedDrives)", self.documents.rawValue,
                self.spreadsheets.rawValue, self.presentations.rawValue, self.apiEndpoint, self.tokenEndpoint,
                "\(self.acknowledgesAbuse)", "\(self.requestsPerMinute)",
            ]
            return texts.map { "\($0 ?? "nil")" }
        }

        /// Reads what says which files there are; `readRest` reads the others.
        init(from yaml: inout MappingReader) {
            let directory = yaml.directory
            let folder = yaml.value("folder_id") { scalar throws(InvalidValue) in try DriveID(scalar).text }
            self.folderID = folder?.value
            self.folderMark = folder?.mark
            let advice = "name the key file of a service account, or what 'corpusd google-login' wrote"
            let credentials = yaml.required("credentials", advice) { scalar throws(InvalidValue) in
                try AbsolutePath(scalar.text, relativeTo: directory).string
            }
            self.credentials = credentials?.value ?? ""
            self.subject = yaml.value("subject", Self.address)?.value
            let drives = yaml.list("shared_drives") { scalar throws(InvalidValue) -> String? in
                scalar.text == "*" ? nil : try DriveID(scalar).text
            }
            self.sharedDrives = drives?.contains(nil) == true ? .all : .listed(drives?.compactMap { $0 } ?? [])
            if folder != nil, drives?.isEmpty == false {
                yaml.report(
                    "shared_drives", "makes no sense beside 'folder_id': remove one of them",
                    at: yaml.mark(of: "shared_drives")
                )
            }
        }

        mutating func readRest(from yaml: inout MappingReader) {
            let formats = yaml.section("export") { export in
                (
                    export.format("documents", of: [.markdown, .text, .docx, .off]),
                    export.format("spreadsheets", of: [.xlsx, .off]),
                    export.format("presentations", of: [.text, .pptx, .off])
                )
            }
            (self.documents, self.spreadsheets, self.presentations) = formats
            self.acknowledgesAbuse = yaml.bool("acknowledge_abuse", default: self.acknowledgesAbuse)
            self.requestsPerMinute = yaml.int(
                "requests_per_minute", in: 1...60_000, default: self.requestsPerMinute)
            let api = yaml.value("api_endpoint") { scalar throws(InvalidValue) in try Endpoint(scalar).text }
            self.apiEndpoint = api?.value ?? self.apiEndpoint
            let token = yaml.value("token_endpoint") { scalar throws(InvalidValue) in try Endpoint(scalar).text }
            self.tokenEndpoint = token?.value
        }

        private static func address(_ scalar: Node.Scalar) throws(InvalidValue) -> String {
            let isAllowed = scalar.text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
            let parts = scalar.text.split(separator: "@", omittingEmptySubsequences: false)
            guard isAllowed, parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), scalar.text.utf8.count <= 254 else {
                throw InvalidValue("must be a person's address, such as 'ann@example.org', not \(scalar.text.quoted)")
            }
            return scalar.text
        }
    }
}

extension MappingReader {
    /// Reads one of some formats; the first is the default.
    fileprivate mutating func format(
        _ key: String, of formats: [Config.Pipeline.GoogleDrive.Format]
    ) -> Config.Pipeline.GoogleDrive.Format {
        let format = self.value(key) { scalar throws(InvalidValue) in
            guard let format = formats.first(where: { $0.rawValue == scalar.text }) else {
                let all = formats.map(\.rawValue).joined(separator: ", ")
                throw InvalidValue("must be one of: \(all), not \(scalar.text.quoted)")
            }
            return format
        }
        return format?.value ?? formats[0]
    }
}
