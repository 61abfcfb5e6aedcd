import Foundation
import Glibc
import Ingest
import Processing
import Testing

@Suite("What a parser cannot reach", .timeLimit(.minutes(5)))
struct ConfinementTests {
    /// Runs commands in the place of `pdftotext`, by a shell that can connect.
    ///
    /// - Returns: What they print; each is to say how an attempt went.
    private static func attempt(_ commands: String, in scratch: Scratch) async throws -> [String] {
        let script = "#!/bin/bash\nexec 2>/dev/null\necho '<pre>'\n\(commands)\nprintf '\\f'\n"
        let tool = try scratch.file("tool", script).filePath
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool)
        let extractor = FileExtractor(program: Scratch.program, tools: ExtractionTools(pdftotext: tool))
        return shown(try await extractor.extract(try scratch.file("a.pdf", "%PDF-"), mediaType: "application/pdf"))
    }

    private static func attempt(_ command: String) async throws -> [String] {
        try await Self.attempt("if \(command); then echo done; else echo refused; fi", in: Scratch())
    }

    @Test func kernelHasNoGaps() {
        #expect(Confinement.gaps == [])
    }

    @Test func itsDocumentCanBeRead() async throws {
        let scratch = try Scratch()
        let read = "read -r line < '\(scratch.path)/a.pdf'; echo \"$line\""
        #expect(try await Self.attempt(read, in: scratch) == ["P@1 %PDF-"])
    }

    @Test(arguments: [
        "read -r line < /etc/passwd", "read -r line < /proc/self/environ", "read -r line < /proc/self/cmdline",
    ])
    func otherFilesCannotBeRead(_ command: String) async throws {
        #expect(try await Self.attempt(command) == ["P@1 refused"])
    }

    @Test func nothingCanBeWritten() async throws {
        let scratch = try Scratch()
        let neighbour = try scratch.file("neighbour", "kept").filePath
        for command in ["(: > '\(scratch.path)/new')", "(: > '\(neighbour)')", "(: >> '\(neighbour)')", "(: > /tmp/x)"]
        {
            let outcome = try await Self.attempt("if \(command); then echo done; else echo refused; fi", in: scratch)
            #expect(outcome == ["P@1 refused"], "\(command)")
        }
        #expect(FileManager.default.contents(atPath: neighbour) == Data("kept".utf8))
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/new"))
    }

    @Test(arguments: ["/bin/true", "/usr/bin/env", "/bin/sh -c :"])
    func noOtherProgramCanBeRun(_ command: String) async throws {
        #expect(try await Self.attempt(command) == ["P@1 refused"])
    }

    @Test func nothingCanBeConnectedTo() async throws {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                #expect(bind(listener, $0, length) == 0)
                #expect(listen(listener, 8) == 0)
                #expect(getsockname(listener, $0, &length) == 0)
            }
        }
        let port = UInt16(bigEndian: address.sin_port)
        #expect(try await Self.attempt("(: > /dev/tcp/127.0.0.1/\(port))") == ["P@1 refused"])
        #expect(try await Self.attempt("(: > /dev/udp/127.0.0.1/\(port))") == ["P@1 refused"])
    }

    @Test func otherProcessesCannotBeSignalled() async throws {
        #expect(try await Self.attempt("kill -0 \(getpid())") == ["P@1 refused"])
        #expect(try await Self.attempt("kill -0 $$") == ["P@1 done"])
    }

    @Test func limitsCannotBeRaised() async throws {
        #expect(try await Self.attempt("ulimit -c 1") == ["P@1 refused"])
    }
}
