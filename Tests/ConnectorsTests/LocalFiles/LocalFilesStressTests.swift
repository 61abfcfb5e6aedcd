import Foundation
import Glibc
import Ingest
import SeededRandom
import Testing

extension WatchingTests.LocalFilesSourceTests {
    /// Thousands of random operations as fast as they go; in the end what was offered is what is there.
    @Test(arguments: 0..<3) func randomOperationsEndInTheSameTree(_ round: Int) async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        let first = try await self.watching(self.source(settle: .milliseconds(200))) { [folder] receiver in
            try await receiver.until { $0.checks == 1 }
            let outside = try TemporaryFolder()
            for _ in 0..<3_000 { Self.change(folder.path, outside.path, using: &random) }
            let expected = try Self.tree(of: folder.path)
            try await Self.expect(expected, from: receiver, seed: seed)
        }
        let ids = Dictionary(grouping: first.changes.map(\.document), by: { $0 }).count
        #expect(ids >= first.documents.count, "seed \(seed)")
        let second = try await self.watching(self.source(settle: .zero), known: first.ledger) {
            try await $0.until { $0.checks == 1 }
        }
        #expect(second.changes.isEmpty, "seed \(seed)")
    }

    /// Waits until what was offered is what is there; says what is not when the time is over.
    private static func expect(_ tree: [String: Int], from receiver: RecordingReceiver, seed: UInt64) async throws {
        do {
            try await receiver.until { record in
                record.documents.count == tree.count
                    && record.documents.values.allSatisfy { tree[$0.path] == $0.size }
            }
        } catch {
            let record = await receiver.record
            let found = Dictionary(record.documents.values.map { ($0.path, $0.size) }, uniquingKeysWith: { $1 })
            let missing = tree.filter { found[$0.key] != $0.value }
            let extra = record.documents.values.filter { tree[$0.path] == nil }.map(\.path)
            let doubles = record.documents.count - found.count
            Issue.record("seed \(seed): missing or old \(missing), extra \(extra), \(doubles) at the path of another")
            throw error
        }
    }

    /// One operation of some kind on something; those that are impossible just fail.
    private static func change(_ root: String, _ outside: String, using random: inout SplitMix64) {
        let depth = Int.random(in: 0...3, using: &random)
        let directories = (0..<depth).map { _ in "d\(Int.random(in: 0..<4, using: &random))" }
        let directory = ([root] + directories).joined(separator: "/")
        let file = "\(directory)/f\(Int.random(in: 0..<6, using: &random))"
        let other = "\(root)/d\(Int.random(in: 0..<4, using: &random))"
        let away = "\(outside)/\(Int.random(in: 0..<4, using: &random))"
        let size = Int.random(in: 0..<2_000, using: &random)
        switch Int.random(in: 0..<16, using: &random) {
        case 0...2: try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        case 3...6: Self.write(file, size: size, flags: O_TRUNC)
        case 7: Self.write(file, size: size, flags: O_APPEND)
        case 8:
            Self.write(file + ".new", size: size, flags: O_TRUNC)
            rename(file + ".new", file)
        case 9: unlink(file)
        case 10: rename(file, "\(other)/f\(Int.random(in: 0..<6, using: &random))")
        case 11: if depth > 0 { rename(directory, other) }
        case 12: if depth > 0 { rename(directory, "\(other)/d\(Int.random(in: 0..<4, using: &random))") }
        case 13: if depth > 0, Int.random(in: 0..<4, using: &random) == 0 { rename(directory, away) }
        case 14: rename(away, other)
        default: if depth > 1 { try? FileManager.default.removeItem(atPath: directory) }
        }
    }

    private static func write(_ path: String, size: Int, flags: CInt) {
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0o644)
        guard file >= 0 else { return }
        _ = Glibc.write(file, [UInt8](repeating: 0x61, count: size), size)
        close(file)
    }

    /// The size of every regular file below a directory.
    private static func tree(of root: String) throws -> [String: Int] {
        var sizes: [String: Int] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: root) {
            var status = stat()
            guard lstat("\(root)/\(path)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            sizes[path] = Int(status.st_size)
        }
        return sizes
    }
}
