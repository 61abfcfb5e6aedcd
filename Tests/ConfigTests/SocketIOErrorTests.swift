import Config
import Testing

@Suite("Values of the live events")
struct SocketIOErrorTests {
    /// Key and value in `socketio`, and what is wrong with it.
    static let scalars: [(key: String, value: String, problem: String)] = [
        ("allow_eio3", "yes", "must be true or false, not 'yes'"),
        ("allow_eio3", "'true'", "must be true or false, not a text: remove the quotes around 'true'"),
        ("allow_eio3", "1", "must be true or false, not '1'"),
        ("allow_eio3", "~", "has no value: write one, or remove the key for its default"),
        ("allow_eio3", "[]", "must be a single value, not a list"),
        ("max_payload", "999", "must be a size from 1kB to 100MB, such as 500kB, 100MB or 10MiB, not '999'"),
        ("max_payload", "101MB", "must be a size from 1kB to 100MB, such as 500kB, 100MB or 10MiB, not '101MB'"),
        ("ping_interval", "0", "must be a duration from 1s to 1h, such as 30s, 5m or 2h, not '0'"),
        ("ping_timeout", "61m", "must be a duration from 1s to 1h, such as 30s, 5m or 2h, not '61m'"),
        ("max_attachments", "-1", "must be a whole number from 0 to 1000, not '-1'"),
        ("max_attachments", "1001", "must be a whole number from 0 to 1000, not '1001'"),
        ("cookie", "''", "\(Self.cookie), not ''"),
        ("cookie", "a b", "\(Self.cookie), not 'a b'"),
        ("cookie", "'a;b'", "\(Self.cookie), not 'a;b'"),
        ("cookie", "'a=b'", "\(Self.cookie), not 'a=b'"),
        ("cookie", "käse", "\(Self.cookie), not 'käse'"),
        ("cookie", "'a\nb'", "\(Self.cookie), not 'a b'"),
        ("max_connections", "0", "must be a whole number from 1 to 1000000, not '0'"),
        ("max_connections", "unlimited", "must be a whole number from 1 to 1000000, not 'unlimited'"),
        (
            "max_connections_per_address", "0",
            "must be 'unlimited' or a whole number from 1 to 1000000, not '0'"
        ),
        ("rate_limit", "5", "must be a mapping of keys to values, not '5'"),
    ]

    private static let cookie = "must be 'off' or the name of a cookie, 1 to 64 letters, digits, '_' and '-'"

    @Test(arguments: Self.scalars)
    func valueIsRefused(_ key: String, _ value: String, _ problem: String) {
        let yaml = "socketio:\n  \(key): \(value)\n"
        ErrorCase(key, yaml, "6:\(key.count + 5): 'socketio.\(key)' \(problem)").check()
    }

    /// Section and key in `socketio`, a value, and what is wrong with it.
    static let nested: [(section: String, key: String, value: String, problem: String)] = [
        (
            "rate_limit", "packets_per_second", "0",
            "must be 'unlimited' or a whole number from 1 to 1000000, not '0'"
        ),
        (
            "rate_limit", "bytes_per_second", "10",
            "must be 'unlimited' or a size from 1kB to 1GB, such as 500kB, 100MB or 10MiB, not '10'"
        ),
        ("rate_limit", "burst", "6m", "must be a duration from 1s to 5m, such as 30s, 5m or 2h, not '6m'"),
        (
            "backpressure", "max_waiting_bytes", "1MB",
            "must be a size from 1MiB to 1GiB, such as 500kB, 100MB or 10MiB, not '1MB'"
        ),
        ("backpressure", "max_waiting_packets", "15", "must be a whole number from 16 to 1000000, not '15'"),
        ("recovery", "enabled", "on", "must be true or false, not 'on'"),
        ("recovery", "max_disconnection", "0s", "must be a duration from 1s to 1d, such as 30s, 5m or 2h, not '0s'"),
        ("recovery", "max_events", "0", "must be a whole number from 1 to 1000000, not '0'"),
        (
            "recovery", "max_bytes", "2GiB",
            "must be a size from 64KiB to 256MiB, such as 500kB, 100MB or 10MiB, not '2GiB'"
        ),
    ]

    @Test(arguments: Self.nested)
    func valueOfASectionIsRefused(_ section: String, _ key: String, _ value: String, _ problem: String) {
        let yaml = "socketio:\n  \(section):\n    \(key): \(value)\n"
        ErrorCase(key, yaml, "7:\(key.count + 7): 'socketio.\(section).\(key)' \(problem)").check()
    }

    @Test(arguments: [
        ErrorCase(
            "a message larger than the rate limit lets through",
            "socketio:\n  max_payload: 11MB\n",
            "6:16: 'socketio.max_payload' is 11000000 bytes, of which 'rate_limit' lets 10000000 through at once: "
                + "raise 'rate_limit.bytes_per_second' or 'rate_limit.burst'"
        ),
        ErrorCase(
            "a rate limit that lets no message through",
            "socketio:\n  rate_limit: {bytes_per_second: 1kB, burst: 2s}\n",
            "6:15: 'socketio.rate_limit' lets 2000 bytes through at once, less than a message may have: "
                + "raise it, or add 'max_payload: 2000'"
        ),
        ErrorCase(
            "unknown keys",
            "socketio:\n  allow_eio4: true\n  recovery: {enable: true}\n",
            "6:3: unknown key 'socketio.allow_eio4': did you mean 'allow_eio3'? known here: 'allow_eio3', "
                + "'max_payload', 'ping_interval', 'ping_timeout', 'max_attachments', 'cookie', 'max_connections', "
                + "'max_connections_per_address', 'rate_limit', 'backpressure', 'recovery'",
            "7:14: unknown key 'socketio.recovery.enable': did you mean 'enabled'? known here: 'enabled', "
                + "'max_disconnection', 'max_events', 'max_bytes'"
        ),
    ])
    func keysThatDoNotFitAreReported(_ example: ErrorCase) { example.check() }

    @Test(arguments: ["", "a b", "example.org:80", "http://example.org", "*.example.org", "[::g]", "::1", "1.2.3"])
    func hostIsRefused(text: String) {
        ErrorCase(
            text, "server:\n  allowed_hosts: ['*', '\(text)']\n",
            "6:24: 'server.allowed_hosts[1]' must be a host such as 'search.example.org' or '[::1]', without a port, "
                + "or '*' for all, not '\(text)'"
        ).check()
    }
}
