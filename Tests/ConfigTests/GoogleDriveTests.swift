import Config
import Testing

@Suite("Pipelines of Google Drive")
struct GoogleDriveTests {
    private static let least = "pipelines:\n- id: drive\n  type: google_drive\n  credentials: key.json\n"

    @Test func everyKeyIsRead() throws {
        let keys = [
            "folder_id: 1a_B-9", "subject: ann@example.org",
            "export: {documents: docx, spreadsheets: off, presentations: pptx}", "acknowledge_abuse: true",
            "requests_per_minute: 60", "api_endpoint: https://drive.example.org/base/",
            "token_endpoint: http://127.0.0.1:99/token", "check_interval: 5m", "include: ['**/*.md']",
            "exclude: ['old/**']", "max_file_size: 1MB", "deletion: {hold_above: off}",
        ]
        let yaml = Self.least + keys.map { "  \($0)\n" }.joined()
        let config = try Config(yaml: yaml, file: "c.yaml", directory: "/etc/corpusd")
        let pipeline = try #require(config.pipelines.first)
        let drive = try #require(pipeline.drive)
        #expect(pipeline.kind == .googleDrive && pipeline.path == nil)
        #expect(drive.credentials == "/etc/corpusd/key.json" && drive.folderID == "1a_B-9")
        #expect(drive.subject == "ann@example.org" && drive.sharedDrives == .listed([]))
        #expect(drive.documents == .docx && drive.spreadsheets == .off && drive.presentations == .pptx)
        #expect(drive.acknowledgesAbuse && drive.requestsPerMinute == 60)
        #expect(drive.apiEndpoint == "https://drive.example.org/base")
        #expect(drive.tokenEndpoint == "http://127.0.0.1:99/token")
        #expect(pipeline.checkInterval == .seconds(300) && pipeline.include == ["**/*.md"])
        #expect(pipeline.maxFileSize == 1_000_000 && pipeline.deletion.holdAbove == nil)
    }

    @Test(arguments: [("['*']", Config.Pipeline.GoogleDrive.SharedDrives.all), ("[0A, 0B]", .listed(["0A", "0B"]))])
    func sharedDrivesAreRead(text: String, expected: Config.Pipeline.GoogleDrive.SharedDrives) throws {
        let config = try Config(yaml: Self.least + "  shared_drives: \(text)\n", file: "c.yaml", directory: "/")
        #expect(config.pipelines.first?.drive?.sharedDrives == expected)
    }

    @Test(arguments: [
        ErrorCase(
            "no credentials", file: "pipelines:\n- id: drive\n  type: google_drive\n",
            "2:3: 'pipelines[0].credentials' is missing: name the key file of a service account, "
                + "or what 'corpusd google-login' wrote"
        ),
        ErrorCase(
            "keys of the other type", file: Self.least + "  path: /srv\n  settle: 2s\n",
            "5:3: 'pipelines[0].path' belongs to 'type: local_files': remove it, or correct 'type'",
            "6:3: 'pipelines[0].settle' belongs to 'type: local_files': remove it, or correct 'type'"
        ),
        ErrorCase(
            "keys of Drive beside a path", "  folder_id: abc\n",
            "5:3: 'pipelines[0].folder_id' belongs to 'type: google_drive': remove it, or correct 'type'"
        ),
        ErrorCase(
            "an address in place of an id", file: Self.least + "  folder_id: https://drive.google.com/x\n",
            "5:14: 'pipelines[0].folder_id' must be the last part of the folder's address in the browser, of letters, "
                + "digits, '_' and '-', not 'https://drive.google.com/x'"
        ),
        ErrorCase(
            "folder and shared drives", file: Self.least + "  folder_id: abc\n  shared_drives: ['*']\n",
            "6:18: 'pipelines[0].shared_drives' makes no sense beside 'folder_id': remove one of them"
        ),
        ErrorCase(
            "unknown format", file: Self.least + "  export: {spreadsheets: csv}\n",
            "5:26: 'pipelines[0].export.spreadsheets' must be one of: xlsx, off, not 'csv'"
        ),
        ErrorCase(
            "nobody's address", file: Self.least + "  subject: ann\n",
            "5:12: 'pipelines[0].subject' must be a person's address, such as 'ann@example.org', not 'ann'"
        ),
        ErrorCase(
            "the same folder twice",
            file: Self.least + "  folder_id: abc\n- {id: b, type: google_drive, credentials: k, folder_id: abc}\n",
            "6:58: 'pipelines[1].folder_id' 'abc' is also the folder at line 5, column 14, "
                + "so files would be indexed twice: watch folders apart from each other"
        ),
    ])
    func errorIsReported(_ example: ErrorCase) { example.check() }

    @Test(arguments: [
        "http://drive.example.org", "http://127.evil.example", "http://10.0.0.1:80", "http://localhost.example.org",
    ])
    func secretsAreNotSentInTheClear(address: String) {
        ErrorCase(
            address, file: Self.least + "  api_endpoint: \(address)\n",
            "5:17: 'pipelines[0].api_endpoint' must begin with 'https://' unless it is on this machine: "
                + "secrets are sent there"
        ).check()
    }

    @Test(arguments: ["ftp://x", "https://", "https://a@b", "https://x/?a", "https://x:0", "https:x", "https://[x]/"])
    func addressIsRefused(text: String) {
        ErrorCase(
            text, file: Self.least + "  token_endpoint: '\(text)'\n",
            "5:19: 'pipelines[0].token_endpoint' must be an address such as 'https://www.googleapis.com', "
                + "without a user, '?' and '#', not '\(text)'"
        ).check()
    }
}
