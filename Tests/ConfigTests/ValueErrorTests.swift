import Config
import Testing

@Suite("Values")
struct ValueErrorTests {
    private static let address = "such as '127.0.0.1:8003' or '[::1]:8003'"
    private static let host =
        "must name a host: write '127.0.0.1:8003' for this machine only, '0.0.0.0:8003' for all"
    private static let origin =
        "must be an origin such as 'https://example.org' or 'http://localhost:3000', without a path, or '*' for all"

    @Test(arguments: [
        (":8003", "\(Self.host)"),
        ("'*:8003'", "\(Self.host)"),
        ("8003", "must be host and port, \(Self.address), not '8003'"),
        ("localhost", "must be host and port, \(Self.address), not 'localhost'"),
        ("'localhost:'", "must end with a port from 0 to 65535, \(Self.address), not 'localhost:'"),
        ("localhost:65536", "must end with a port from 0 to 65535, \(Self.address), not 'localhost:65536'"),
        ("localhost:http", "must end with a port from 0 to 65535, \(Self.address), not 'localhost:http'"),
        ("localhost:-1", "must end with a port from 0 to 65535, \(Self.address), not 'localhost:-1'"),
        ("'::1:8003'", "must have an IPv6 address in brackets, \(Self.address), not '::1:8003'"),
        ("'::1'", "must have an IPv6 address in brackets, \(Self.address), not '::1'"),
        ("'[::g]:8003'", "must have an IPv6 address in brackets, \(Self.address), not '[::g]:8003'"),
        ("'[127.0.0.1]:1'", "must have an IPv6 address in brackets, \(Self.address), not '[127.0.0.1]:1'"),
        ("300.0.0.1:1", "must begin with an address or a name, \(Self.address), not '300.0.0.1:1'"),
        ("a b:1", "must begin with an address or a name, \(Self.address), not 'a b:1'"),
        ("a..b:1", "must begin with an address or a name, \(Self.address), not 'a..b:1'"),
        ("http://localhost:1", "must begin with an address or a name, \(Self.address), not 'http://localhost:1'"),
        ("\"a\\0b:1\"", "must begin with an address or a name, \(Self.address), not 'a\\u{0}b:1'"),
    ])
    func addressIsRefused(text: String, problem: String) {
        ErrorCase(text, "server:\n  listen: \(text)\n", "6:11: 'server.listen' \(problem)").check()
    }

    @Test(arguments: [
        "example.org", "https://", "https://example.org/", "https://*.example.org", "ftp://example.org",
        "https://example.org:0", "https://example.org:99999", "https://user@example.org", "https://[::g]",
    ])
    func originIsRefused(text: String) {
        ErrorCase(
            text, "server:\n  cors_origins: ['*', '\(text)']\n",
            "6:23: 'server.cors_origins[1]' \(Self.origin), not '\(text)'"
        ).check()
    }

    @Test(arguments: [
        "0", "999ms", "8d", "1w", "-5s", "1.5h", "1h30m", "060", "1:30", "s", "60 ", "5  m", "99999999999999999999s",
        "999999999999999999d", "soon", "5M",
    ])
    func durationIsRefused(text: String) {
        ErrorCase(
            text, "  check_interval: \"\(text)\"\n",
            "5:19: 'pipelines[0].check_interval' must be a duration from 1s to 7d, such as 30s, 5m or 2h, not '\(text)'"
        ).check()
    }

    @Test(arguments: ["0", "999", "10001MB", "1 PB", "100mb", "1.5GB", "9999999999999999TB", "-1", "all"])
    func sizeIsRefused(text: String) {
        ErrorCase(
            text, "  max_file_size: \(text)\n",
            "5:18: 'pipelines[0].max_file_size' must be a size from 1kB to 10GB, such as 500kB, 100MB or 10MiB, "
                + "not '\(text)'"
        ).check()
    }

    @Test(arguments: [
        ErrorCase("too small", "chunking: {size: 15}\n", Self.size("15")),
        ErrorCase("too large", "chunking: {size: 2049}\n", Self.size("2049")),
        ErrorCase("octal", "chunking: {size: 0200}\n", Self.size("0200")),
        ErrorCase("underscore", "chunking: {size: 1_000}\n", Self.size("1_000")),
        ErrorCase("hexadecimal", "chunking: {size: 0x80}\n", Self.size("0x80")),
        ErrorCase("fraction", "chunking: {size: 200.0}\n", Self.size("200.0")),
        ErrorCase("other digits", "chunking: {size: ٢٠٠}\n", Self.size("٢٠٠")),
        ErrorCase("too long", "chunking: {size: 99999999999999999999}\n", Self.size("99999999999999999999")),
        ErrorCase(
            "quoted", "chunking: {size: '200'}\n",
            "5:18: 'chunking.size' must be a whole number from 16 to 2048, not a text: remove the quotes around '200'"
        ),
        ErrorCase(
            "overlap of half", "chunking: {size: 100, overlap: 50}\n",
            "5:32: 'chunking.overlap' must be less than half of 'chunking.size': at most 49, not '50'"
        ),
        ErrorCase(
            "overlap of half the default", "chunking: {overlap: 100}\n",
            "5:21: 'chunking.overlap' must be less than half of 'chunking.size': at most 99, not '100'"
        ),
        ErrorCase(
            "default overlap of a small size", "chunking: {size: 60}\n",
            "5:18: 'chunking.size' needs an overlap below its default of 30: add 'overlap: 29' or less"
        ),
        ErrorCase(
            "wrong size hides the comparison", "chunking: {size: 10, overlap: 900}\n",
            "5:18: 'chunking.size' must be a whole number from 16 to 2048, not '10'"
        ),
        ErrorCase(
            "workers", "processing: {workers: 65}\n",
            "5:23: 'processing.workers' must be 'auto' or a whole number from 1 to 64, not '65'"
        ),
        ErrorCase(
            "no workers", "processing: {workers: none}\n",
            "5:23: 'processing.workers' must be 'auto' or a whole number from 1 to 64, not 'none'"
        ),
        ErrorCase(
            "provider", "embedding: {provider: cohere}\n",
            "5:23: 'embedding.provider' must be one of: builtin, openai, not 'cohere'"
        ),
        ErrorCase(
            "service without a model", "embedding: {provider: openai}\n",
            "5:12: 'embedding.model' is missing: write what the service calls it",
            "5:12: 'embedding.dimensions' is missing: write how long the model's vectors are, such as 1536"
        ),
        ErrorCase(
            "key of a service for the built-in model", "embedding: {model: m}\n",
            "5:13: unknown key 'embedding.model': known here: 'provider', 'model_path'"
        ),
        ErrorCase(
            "address with a key in it",
            "embedding: {provider: openai, model: m, dimensions: 3, base_url: 'https://me:secret@h/v1'}\n",
            "5:66: 'embedding.base_url' must be an address such as 'https://api.openai.com/v1' or "
                + "'http://localhost:11434/v1', without a user, a query or a key in it"
        ),
        ErrorCase(
            "two places of a key",
            "embedding: {provider: openai, model: m, dimensions: 3, api_key_file: k, api_key_credential: c}\n",
            "5:93: 'embedding.api_key_credential' is a second place beside 'api_key_file': keep one"
        ),
        ErrorCase(
            "too large a batch",
            "embedding: {provider: openai, model: m, dimensions: 3, batch_inputs: 2049}\n",
            "5:70: 'embedding.batch_inputs' must be a whole number from 1 to 2048, not '2049'"
        ),
        ErrorCase(
            "a request smaller than a text",
            "embedding: {provider: openai, model: m, dimensions: 3, max_tokens: 8191, batch_tokens: 5000}\n",
            "5:88: 'embedding.batch_tokens' must not be less than 'max_tokens', which is 8191"
        ),
        ErrorCase(
            "a prefix that leaves no room",
            "embedding: {provider: openai, model: m, dimensions: 3, max_tokens: 32, query_prefix: sixteen and a bit }\n",
            "5:86: 'embedding.query_prefix' must not be longer than 16 bytes, half of 'max_tokens'"
        ),
        ErrorCase(
            "a prefix of no text",
            "embedding: {provider: openai, model: m, dimensions: 3, passage_prefix: \"a\\ab\"}\n",
            "5:72: 'embedding.passage_prefix' must be text without control characters, not 'a\\u{7}b'"
        ),
        ErrorCase(
            "characters and tokens", "chunking: {chunk_size: 1000, overlap: 30}\n",
            "5:39: 'chunking.overlap' counts tokens and 'chunk_overlap' characters: keep one of them"
        ),
        ErrorCase(
            "characters without a size", "chunking: {chunk_overlap: 30}\n",
            "5:27: 'chunking.chunk_overlap' needs a 'chunk_size' beside it"
        ),
        ErrorCase(
            "too much overlap of characters", "chunking: {chunk_size: 1000, chunk_overlap: 500}\n",
            "5:45: 'chunking.chunk_overlap' must be less than half of 'chunking.chunk_size': at most 499, not '500'"
        ),
        ErrorCase(
            "level", "log: {level: INFO}\n",
            "5:14: 'log.level' must be one of: trace, debug, info, notice, warning, error, critical, not 'INFO'"
        ),
        ErrorCase(
            "heartbeat", "server: {heartbeat_interval: 2h}\n",
            "5:30: 'server.heartbeat_interval' must be a duration from 1s to 1h, such as 30s, 5m or 2h, not '2h'"
        ),
    ])
    func isRefused(_ example: ErrorCase) { example.check() }

    private static func size(_ text: String) -> String {
        "5:18: 'chunking.size' must be a whole number from 16 to 2048, not '\(text)'"
    }

    @Test func longValueIsCutAndControlCharactersAreSpeltOut() {
        ErrorCase(
            "evidence", "log: {level: \"\\n\\e[31m\\u202e" + String(repeating: "x", count: 100) + "\"}\n",
            "5:14: 'log.level' must be one of: trace, debug, info, notice, warning, error, critical, "
                + "not '\\u{a}\\u{1b}[31m\\u{202e}" + String(repeating: "x", count: 53) + "…'"
        ).check()
    }
}
