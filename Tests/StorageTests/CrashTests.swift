import Foundation
import GRDB
import Ingest
import SeededRandom
import Storage
import Testing

/// A writer that is killed at any moment leaves each document wholly old or wholly new.
@Suite("Killed writers")
struct CrashTests {
    @Test func killedWriterLeavesWholeDocuments() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("store.db")
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SplitMix64(seed: seed)
        var lastCursor = 0
        for round in 0..<12 {
            let commits = Int.random(in: 1...30, using: &generator)
            try Self.runWriter(path, killedAfter: commits, thenMicroseconds: .random(in: 0...8_000, using: &generator))
            // Reading what the killed process left, before any writer has cleaned up after it.
            #expect(try await Raw.inconsistencies(path) == [], "seed \(seed), round \(round)")
            #expect(try await Self.tornDocuments(path) == [], "seed \(seed), round \(round)")
            let cursor = try #require(try await Raw.integer(path, "SELECT CAST(cursor AS INTEGER) FROM pipeline_state"))
            // What was reported as done is there: a killed process loses nothing that the kernel has taken. Of the
            // numbers every 17th commits without a cursor.
            #expect(cursor >= lastCursor + commits - 1 - commits / 17, "seed \(seed), round \(round)")
            lastCursor = cursor
        }
        #expect(lastCursor > 12)
    }

    /// Starts the writer, waits for so many commits and a moment more, and kills it.
    private static func runWriter(_ path: String, killedAfter commits: Int, thenMicroseconds: UInt32) throws {
        let process = Process()
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(fileURLWithPath: own).deletingLastPathComponent()
            .appendingPathComponent("StorageCrashWriter")
        process.arguments = [path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var seen = 0
        while seen < commits {
            let bytes = output.fileHandleForReading.readData(ofLength: 1)
            try #require(!bytes.isEmpty, "the writer ended by itself")
            seen += bytes.count
        }
        // Not a wait for anything: it moves the kill to another place of the next transaction.
        usleep(thenMicroseconds)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal)
    }

    /// Documents whose chunks are not all of the one version that the ledger names.
    private static func tornDocuments(_ path: String) async throws -> [String] {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try await queue.read { db in
            try Row.fetchAll(db, sql: "SELECT id, file_id, fingerprint, chunks_created FROM ledger").compactMap { row in
                let document: String = row[1]
                let count: Int = row[3]
                let expected = (0..<count).map {
                    "document \(document) version \(row[2] as String) chunk \($0) of \(count) "
                }
                let texts = try String.fetchAll(
                    db,
                    sql: "SELECT content FROM documents WHERE ledger_id = ? ORDER BY id",
                    arguments: [row[0] as Int64]
                )
                let isWhole =
                    texts.count == count
                    && zip(texts, expected).allSatisfy { text, start in
                        text.hasPrefix(start) && text.hasSuffix("end")
                    }
                return isWhole ? nil : "\(document): \(texts.map { $0.prefix(40) })"
            }
        }
    }
}
