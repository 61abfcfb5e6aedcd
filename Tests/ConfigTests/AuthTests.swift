import Config
import Testing

@Suite("Access, TLS and proxies")
struct AuthTests {
    private static func config(_ server: String) throws -> Config.Server {
        try Config(
            yaml: ErrorCase.pipeline + "server:\n" + server, file: "c.yaml", directory: "/etc/corpusd"
        ).server
    }

    @Test func everybodyOnThisMachineMayReadUnlessTold() throws {
        let auth = try Self.config("  listen: 127.0.0.1:1\n").auth
        #expect(auth.anonymous == .read)
        #expect(auth.tokens.isEmpty)
        #expect(auth.isOff == false)
        #expect(try Self.config("  auth: {anonymous: none}\n").auth.anonymous == .none)
    }

    @Test func tokensAreReadWithWhatTheyAllow() throws {
        let auth = try Self.config(
            """
              listen: 0.0.0.0:1
              auth:
                tokens:
                  - {name: operator, role: control, file: operator.token}
                  - {name: wall, role: read, credential: wall-token, pipelines: [docs]}

            """
        ).auth
        #expect(auth.anonymous == .none)
        #expect(auth.tokens.map(\.name) == ["operator", "wall"])
        #expect(auth.tokens.map(\.role) == [.control, .read])
        #expect(auth.tokens.map(\.place) == [.file("/etc/corpusd/operator.token"), .credential("wall-token")])
        #expect(auth.tokens.map(\.pipelines) == [nil, ["docs"]])
    }

    @Test func theWordNoneLetsEverybodyRead() throws {
        let auth = try Self.config("  listen: 0.0.0.0:1\n  auth: none\n").auth
        #expect(auth.isOff == true)
        #expect(auth.anonymous == .read)
    }

    @Test func proxiesAndPathsAreRead() throws {
        let server = try Self.config(
            "  trusted_proxies: [10.1.2.3/8, '::1']\n  base_path: /tools/corpusd/\n  tls: {certificate: c.pem, key: /k.pem}\n"
        )
        #expect(
            server.trustedProxies.map(\.bytes) == [[10, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]])
        #expect(server.trustedProxies.map(\.prefixLength) == [8, 128])
        #expect(server.basePath == "/tools/corpusd")
        #expect(server.tls?.certificate == "/etc/corpusd/c.pem")
        #expect(server.tls?.key == "/k.pem")
        #expect(try Self.config("  tls:\n").tls == nil)
    }

    @Test(arguments: [
        ErrorCase(
            "open listener", "server:\n  listen: 0.0.0.0:80\n",
            "6:11: 'server.listen' is open to other machines and no token guards it: add one to 'auth.tokens', "
                + "write 'auth: none' to let everybody read, or listen on '127.0.0.1:80'"
        ),
        ErrorCase(
            "another word", "server:\n  auth: off\n",
            "6:9: 'server.auth' must be 'none' or a mapping of keys to values, not 'off'"
        ),
        ErrorCase(
            "no place", "server:\n  auth:\n    tokens:\n    - {name: a, role: read}\n",
            "8:7: 'server.auth.tokens[0].file' is missing: name the file with the secret, or a 'credential'"
        ),
        ErrorCase(
            "two places", "server:\n  auth:\n    tokens:\n    - {name: a, role: read, file: f, credential: c}\n",
            "8:50: 'server.auth.tokens[0].credential' is a second place beside 'file': keep one"
        ),
        ErrorCase(
            "role", "server:\n  auth:\n    tokens:\n    - {name: a, role: admin, file: f}\n",
            "8:23: 'server.auth.tokens[0].role' must be one of: read, control, not 'admin'"
        ),
        ErrorCase(
            "pipeline", "server:\n  auth:\n    tokens:\n    - {name: a, role: read, file: f, pipelines: [other]}\n",
            "8:49: 'server.auth.tokens[0].pipelines' names 'other', which is none of: 'docs'"
        ),
        ErrorCase(
            "proxy", "server:\n  trusted_proxies: [10.0.0.0/33]\n",
            "6:21: 'server.trusted_proxies[0]' must be an address such as '127.0.0.1', '10.0.0.0/8' or 'fd00::/8', "
                + "not '10.0.0.0/33'"
        ),
        ErrorCase(
            "base path", "server:\n  base_path: /a?b\n",
            "6:14: 'server.base_path' must be a path such as '/corpusd' of letters, digits, '-', '_', '.' and '~', "
                + "not '/a?b'"
        ),
        ErrorCase(
            "tls", "server:\n  tls: {certificate: c.pem}\n",
            "6:8: 'server.tls.key' is missing: name the PEM file of the private key"
        ),
    ])
    func mistakesAreReported(_ example: ErrorCase) { example.check() }
}
