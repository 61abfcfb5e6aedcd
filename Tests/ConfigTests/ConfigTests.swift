import Config
import Testing

@Suite("Configuration")
struct ConfigTests {
    private static func config(_ yaml: String, directory: String = "/etc/corpusd") throws -> Config {
        try Config(yaml: ErrorCase.pipeline + yaml, file: "c.yaml", directory: directory)
    }

    @Test func smallestFileHasEveryDefault() throws {
        let config = try Self.config("")
        #expect(config.server.listen == ListenAddress(host: "127.0.0.1", port: 8003))
        #expect(config.server.allowedOrigins == .listed([]))
        #expect(config.server.publicDirectory == "/usr/share/corpusd/public")
        #expect(config.server.heartbeatInterval == .seconds(30))
        #expect(config.server.allowedHosts == .automatic)
        let pipeline = try #require(config.pipelines.first)
        #expect(config.pipelines.count == 1)
        #expect(pipeline.id == "docs")
        #expect(pipeline.kind == .localFiles)
        #expect(pipeline.path == "/srv/docs")
        #expect(pipeline.checkInterval == .seconds(60))
        #expect(pipeline.include == [])
        #expect(pipeline.exclude == [])
        #expect(pipeline.maxFileSize == 100_000_000)
        #expect(pipeline.settle == .seconds(2))
        #expect(!pipeline.includesHidden)
        #expect(!pipeline.followsLinks)
        #expect(pipeline.deletion.holdAbove == 0.2)
        #expect(pipeline.deletion.holdAboveFiles == 10)
        #expect(config.chunking.size == 200)
        #expect(config.chunking.overlap == 30)
        #expect(config.embedding.provider == .builtin)
        #expect(config.embedding.modelPath == "/usr/share/corpusd/models/all-MiniLM-L6-v2")
        #expect(config.store.path == "/var/lib/corpusd/corpusd.db")
        #expect(config.processing.workers == nil)
        #expect(!config.processing.ocr)
        #expect(config.processing.ocrLanguages == ["eng"])
        #expect(config.retry.maxAttempts == 5)
        #expect(config.retry.firstDelay == .seconds(30))
        #expect(config.retry.maxDelay == .seconds(3_600))
        #expect(config.log.level == .info)
    }

    @Test func everyKeyIsRead() throws {
        let config = try Self.config(
            """
              check_interval: 5m
              include: ['*.pdf', 'a/**']
              exclude: ['[!a].tmp']
              max_file_size: 10MiB
              settle: 500ms
              hidden: true
              follow_symlinks: true
              deletion: {hold_above: 50%, hold_above_files: 0}
            server:
              listen: '[::1]:0'
              cors_origins: [https://example.org]
              public: ../page
              heartbeat_interval: 1500ms
            chunking: {size: 64, overlap: 0}
            embedding: {provider: builtin, model_path: model}
            store: {path: state/x.db}
            processing: {workers: 3, ocr: true, ocr_languages: [deu, chi_sim]}
            retry: {max_attempts: 2, first_delay: 250ms, max_delay: 2d}
            log: {level: trace}
            """
        )
        #expect(config.server.listen.description == "[::1]:0")
        #expect(config.server.allowedOrigins == .listed(["https://example.org"]))
        #expect(config.server.publicDirectory == "/etc/page")
        #expect(config.server.heartbeatInterval == .milliseconds(1_500))
        #expect(config.pipelines.first?.checkInterval == .seconds(300))
        #expect(config.pipelines.first?.include == ["*.pdf", "a/**"])
        #expect(config.pipelines.first?.exclude == ["[!a].tmp"])
        #expect(config.pipelines.first?.maxFileSize == 10_485_760)
        #expect(config.pipelines.first?.settle == .milliseconds(500))
        #expect(config.pipelines.first?.includesHidden == true)
        #expect(config.pipelines.first?.followsLinks == true)
        #expect(config.pipelines.first?.deletion.holdAbove == 0.5)
        #expect(config.pipelines.first?.deletion.holdAboveFiles == 0)
        #expect(config.chunking.size == 64)
        #expect(config.chunking.overlap == 0)
        #expect(config.embedding.modelPath == "/etc/corpusd/model")
        #expect(config.store.path == "/etc/corpusd/state/x.db")
        #expect(config.processing.workers == 3)
        #expect(config.processing.ocr)
        #expect(config.processing.ocrLanguages == ["deu", "chi_sim"])
        #expect(config.retry.maxAttempts == 2)
        #expect(config.retry.firstDelay == .milliseconds(250))
        #expect(config.retry.maxDelay == .seconds(172_800))
        #expect(config.log.level == .trace)
    }

    @Test func everyDefaultOfTheLiveEventsIsSafe() throws {
        let socketio = try Self.config("").socketio
        #expect(!socketio.allowEIO3)
        #expect(socketio.maxPayload == 1_000_000)
        #expect(socketio.pingInterval == .seconds(25))
        #expect(socketio.pingTimeout == .seconds(20))
        #expect(socketio.maxAttachments == 10)
        #expect(socketio.cookie == nil)
        #expect(socketio.maxConnections == 10_000)
        #expect(socketio.maxConnectionsPerAddress == nil)
        #expect(socketio.rateLimit.packetsPerSecond == 100)
        #expect(socketio.rateLimit.bytesPerSecond == 1_000_000)
        #expect(socketio.rateLimit.burst == .seconds(10))
        #expect(socketio.rateLimit.burstPackets == 1_000)
        #expect(socketio.rateLimit.burstBytes == 10_000_000)
        #expect(socketio.backpressure.maxWaitingBytes == 4_194_304)
        #expect(socketio.backpressure.maxWaitingPackets == 16_384)
        #expect(socketio.recovery.isEnabled)
        #expect(socketio.recovery.maxDisconnection == .seconds(120))
        #expect(socketio.recovery.maxEvents == 10_000)
        #expect(socketio.recovery.maxBytes == 16_777_216)
    }

    @Test func everyKeyOfTheLiveEventsIsRead() throws {
        let socketio = try Self.config(
            """
            socketio:
              allow_eio3: true
              max_payload: 64kB
              ping_interval: 2s
              ping_timeout: 1500ms
              max_attachments: 0
              cookie: io
              max_connections: 5
              max_connections_per_address: 2
              rate_limit: {packets_per_second: 7, bytes_per_second: 2MB, burst: 1500ms}
              backpressure: {max_waiting_bytes: 1MiB, max_waiting_packets: 16}
              recovery: {enabled: false, max_disconnection: 1d, max_events: 3, max_bytes: 256MiB}
            """
        ).socketio
        #expect(socketio.allowEIO3)
        #expect(socketio.maxPayload == 64_000)
        #expect(socketio.pingInterval == .seconds(2))
        #expect(socketio.pingTimeout == .milliseconds(1_500))
        #expect(socketio.maxAttachments == 0)
        #expect(socketio.cookie == "io")
        #expect(socketio.maxConnections == 5)
        #expect(socketio.maxConnectionsPerAddress == 2)
        #expect(socketio.rateLimit.burstPackets == 11)
        #expect(socketio.rateLimit.burstBytes == 3_000_000)
        #expect(socketio.backpressure.maxWaitingBytes == 1_048_576)
        #expect(socketio.backpressure.maxWaitingPackets == 16)
        #expect(!socketio.recovery.isEnabled)
        #expect(socketio.recovery.maxDisconnection == .seconds(86_400))
        #expect(socketio.recovery.maxEvents == 3)
        #expect(socketio.recovery.maxBytes == 268_435_456)
    }

    @Test func limitsCanBeSwitchedOff() throws {
        let socketio = try Self.config(
            """
            socketio:
              max_payload: 100MB
              cookie: off
              max_connections_per_address: unlimited
              rate_limit: {packets_per_second: unlimited, bytes_per_second: unlimited}
            """
        ).socketio
        #expect(socketio.cookie == nil)
        #expect(socketio.maxConnectionsPerAddress == nil)
        #expect(socketio.rateLimit.packetsPerSecond == nil)
        #expect(socketio.rateLimit.burstPackets == nil)
        #expect(socketio.rateLimit.burstBytes == nil)
    }

    @Test(arguments: [
        ("[]", AllowedHosts.automatic),
        ("['*']", .any),
        ("[a.example, '*']", .any),
        ("[Search.Example.ORG, 10.0.0.1, '[::1]']", .listed(["search.example.org", "10.0.0.1", "::1"])),
    ])
    func hostsAreRead(text: String, expected: AllowedHosts) throws {
        #expect(try Self.config("server:\n  allowed_hosts: \(text)").server.allowedHosts == expected)
    }

    @Test func sectionsAndListsWhoseLinesAreCommentsAreDefaults() throws {
        let yaml = "  include:\n  exclude: ~\nserver:\n  # listen: x\nlog: null\nstore: {}\n"
        #expect(try Self.config(yaml) == Self.config(""))
    }

    @Test(arguments: ["127.0.0.1:8003", "0.0.0.0:80", "localhost:1", "a-b.example.org:65535", "[fe80::1]:8003"])
    func addressIsRead(text: String) throws {
        #expect(try Self.config("server: {listen: '\(text)', auth: none}").server.listen.description == text)
    }

    @Test(arguments: [
        ("127.0.0.1:1", true), ("127.8.9.1:1", true), ("'[::1]:1'", true), ("localhost:1", true), ("0.0.0.0:1", false),
        ("'[::]:1'", false), ("127.example.org:1", false), ("192.168.1.127:1", false), ("corpusd:1", false),
    ])
    func addressOfThisMachineAloneIsKnown(text: String, isLoopback: Bool) throws {
        #expect(try Self.config("server: {listen: \(text), auth: none}").server.listen.isLoopback == isLoopback)
    }

    @Test(arguments: [
        ("[]", AllowedOrigins.listed([])),
        ("['*']", .any),
        ("[http://localhost:3000, '*']", .any),
        ("[HTTPS://Example.ORG:443, 'http://[::1]:80']", .listed(["https://example.org", "http://[::1]"])),
        ("['https://a.example:8443']", .listed(["https://a.example:8443"])),
    ])
    func originsAreRead(text: String, expected: AllowedOrigins) throws {
        #expect(try Self.config("server:\n  cors_origins: \(text)").server.allowedOrigins == expected)
    }

    @Test(arguments: [
        ("1000ms", Duration.seconds(1)), ("90", .seconds(90)), ("'90'", .seconds(90)), ("30s", .seconds(30)),
        ("30 s", .seconds(30)), ("5m", .seconds(300)), ("2h", .seconds(7_200)), ("7d", .seconds(604_800)),
    ])
    func durationIsRead(text: String, expected: Duration) throws {
        #expect(try Self.config("  check_interval: \(text)").pipelines.first?.checkInterval == expected)
    }

    @Test(arguments: [
        ("1000", 1_000), ("1000 B", 1_000), ("1kB", 1_000), ("1KB", 1_000), ("1KiB", 1_024), ("100 MB", 100_000_000),
        ("10MiB", 10_485_760), ("10GB", 10_000_000_000), ("1GiB", 1_073_741_824),
    ])
    func sizeIsRead(text: String, expected: Int) throws {
        #expect(try Self.config("  max_file_size: \(text)").pipelines.first?.maxFileSize == expected)
    }

    @Test(arguments: ["123", "on", "no", "true", "0x10", "1e3", "'null'", "\"-\""])
    func wordsAndNumbersWithoutQuotesAreText(text: String) throws {
        let yaml = "pipelines: [{id: \(text), type: local_files, path: \(text)}]"
        let config = try Config(yaml: yaml, file: "c.yaml", directory: "/srv")
        let expected = text.filter { $0 != "'" && $0 != "\"" }
        #expect(config.pipelines.first?.id == expected)
        #expect(config.pipelines.first?.path == "/srv/\(expected)")
    }

    @Test(arguments: [
        ("/a/../b//./c/", "/b/c"), ("../../../../x", "/x"), (".", "/etc/corpusd"), ("a b/ü", "/etc/corpusd/a b/ü"),
        ("...", "/etc/corpusd/..."),
    ])
    func pathIsResolved(text: String, expected: String) throws {
        #expect(try Self.config("server: {public: '\(text)'}").server.publicDirectory == expected)
    }

    @Test(arguments: [
        "*", "**/*.md", "a?b", "[]a]", "[!]]", "[^a-z]x", "\\[x", "a\\\\", "ä*", "**/*.{md,{txt,t}}", "\\{", "[{]",
        "a}",
    ])
    func patternIsRead(text: String) throws {
        #expect(try Self.config("  include: ['\(text)']").pipelines.first?.include == [text])
    }

    @Test func aServiceIsReadWithItsDefaults() throws {
        let config = try Config(
            yaml: ErrorCase.pipeline
                + "embedding: {provider: openai, model: text-embedding-3-small, dimensions: 1536}\n",
            file: "c.yaml", directory: "/etc/corpusd"
        )
        let service = try #require(config.embedding.service)
        #expect(config.embedding.provider == .openai)
        #expect(service.baseURL == "https://api.openai.com/v1")
        #expect(service.model == "text-embedding-3-small" && service.dimensions == 1_536)
        #expect(service.shortens == false && service.revision == "" && service.key == nil)
        #expect(service.passagePrefix == "" && service.queryPrefix == "")
        #expect(service.maxTokens == 512 && service.batchInputs == 32 && service.batchTokens == 100_000)
        #expect(service.concurrency == 4 && service.timeout == .seconds(60) && service.patience == .seconds(60))
    }

    @Test func aServiceIsReadWithAllItsKeys() throws {
        let config = try Config(
            yaml: ErrorCase.pipeline + """
                embedding:
                  provider: openai
                  base_url: HTTP://[::1]:11434/v1/
                  model: nomic-embed-text
                  dimensions: 768
                  shorten: true
                  revision: v1.5
                  passage_prefix: "search_document: "
                  query_prefix: "Find\\nQuery: "
                  api_key_credential: embedding-key
                  max_tokens: 8192
                  batch_inputs: 2048
                  batch_tokens: 300000
                  concurrency: 16
                  timeout: 2m
                  patience: 5s
                chunking: {chunk_size: 1000, chunk_overlap: 200}

                """,
            file: "c.yaml", directory: "/etc/corpusd"
        )
        let service = try #require(config.embedding.service)
        #expect(service.baseURL == "http://[::1]:11434/v1")
        #expect(service.shortens && service.revision == "v1.5" && service.key == .credential("embedding-key"))
        #expect(service.passagePrefix == "search_document: " && service.queryPrefix == "Find\nQuery: ")
        #expect(service.maxTokens == 8_192 && service.batchInputs == 2_048 && service.batchTokens == 300_000)
        #expect(service.concurrency == 16 && service.timeout == .seconds(120) && service.patience == .seconds(5))
        #expect(config.chunking.unit == .characters)
        #expect(config.chunking.size == 1_000 && config.chunking.overlap == 200)
    }
}
