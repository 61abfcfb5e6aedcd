import Connectors
import Foundation
import Glibc
import Ingest
import Logging

/// What watching a folder costs: `watch-bench [FILES]` makes that many files, by default 100,000, and checks them.
@main
struct WatchBench {
    private let folder: String
    private let count: Int

    static func main() async throws {
        let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 100_000
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("watch-bench-\(getpid())").path
        let bench = WatchBench(folder: folder, count: count)
        try bench.makeFiles()
        let documents = try await bench.checkNewFiles()
        bench.measureKnownFiles(documents)
        try await bench.checkKnownFiles(documents)
        try FileManager.default.removeItem(atPath: folder)
    }

    /// A hundred files a directory, fifty directories a group; all look as if nobody had touched them for long.
    private func makeFiles() throws {
        let old = [timespec](repeating: timespec(tv_sec: 1_000_000_000, tv_nsec: 0), count: 2)
        for number in 0..<self.count {
            let directory = "\(self.folder)/group-\(number / 5_000)/section-\(number / 100)"
            if number % 100 == 0 {
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            }
            let path = "\(directory)/document-\(number).txt"
            close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644))
            utimensat(AT_FDCWD, path, old, 0)
        }
        let name = "document-\(self.count - 1).txt"
        print("\(self.count) files, a hundred a directory, with names of up to \(name.utf8.count) bytes")
    }

    private func checkNewFiles() async throws -> [SourceDocument] {
        let (checks, continuation) = AsyncStream.makeStream(of: Double.self)
        let receiver = Receiver(checks: continuation)
        let source = try self.source(interval: .seconds(3_600))
        let run = Task { try await source.run(known: [], held: [:], into: receiver) }
        for await cpu in checks.prefix(1) { print("first check, everything is new: \(Self.text(cpu)) s of CPU") }
        run.cancel()
        try await run.value
        return await receiver.stopKeeping()
    }

    /// What is kept of each file, by itself.
    private func measureKnownFiles(_ documents: [SourceDocument]) {
        let before = ProcessUse.heapBytes
        var known = KnownFiles()
        for document in documents {
            guard let id = FileID(document.id.file), let fingerprint = FileFingerprint(document.fingerprint) else {
                continue
            }
            known.set(KnownFiles.File(id: id, fingerprint: fingerprint), at: RelativePath(document.path))
        }
        print("kept of each file: \((ProcessUse.heapBytes - before) / max(1, known.count)) bytes")
        self.measureRenames(of: known)
    }

    /// A directory of ten files among all others, renamed again and again.
    private func measureRenames(of known: KnownFiles) {
        var known = known
        var random = SystemRandomNumberGenerator()
        for number in 0..<10 {
            let fingerprint = FileFingerprint(size: 1, modified: 1, inode: .max - UInt64(number), device: 1)
            let file = KnownFiles.File(id: FileID.random(using: &random), fingerprint: fingerprint)
            known.set(file, at: RelativePath("few-0/document-\(number).txt"))
        }
        let rounds = 1_000
        let before = ProcessUse.cpuSeconds
        for round in 0..<rounds {
            _ = known.move(RelativePath("few-\(round)"), to: RelativePath("few-\(round + 1)"))
        }
        let time = (ProcessUse.cpuSeconds - before) / Double(rounds)
        precondition(known.paths(within: RelativePath("few-\(rounds)")).count == 10)
        print("a directory of ten files renamed: \(Self.text(time * 1_000_000)) µs of CPU")
    }

    private func checkKnownFiles(_ documents: [SourceDocument]) async throws {
        let ledger = documents.map {
            LedgerEntry(
                document: $0, state: .skipped(reason: "bench"), contentHash: nil, mediaType: nil, updatedAt: Date())
        }
        let (checks, continuation) = AsyncStream.makeStream(of: Double.self)
        let receiver = Receiver(checks: continuation)
        _ = await receiver.stopKeeping()
        let source = try self.source(interval: .seconds(1))
        let run = Task { try await source.run(known: ledger, held: [:], into: receiver) }
        for await cpu in checks.prefix(3) { print("check, nothing has changed: \(Self.text(cpu)) s of CPU") }
        run.cancel()
        try await run.value
        try await self.measureWaits(knowing: ledger)
    }

    /// From the end of a write to the offer.
    private func measureWaits(knowing ledger: [LedgerEntry]) async throws {
        let (checks, continuation) = AsyncStream.makeStream(of: Double.self)
        let receiver = Receiver(checks: continuation)
        _ = await receiver.stopKeeping()
        let source = try self.source(interval: .seconds(3_600))
        let run = Task { try await source.run(known: ledger, held: [:], into: receiver) }
        for await _ in checks.prefix(1) {}
        var waits: [Double] = []
        for number in 0..<50 {
            let path = "group-0/section-1/new-\(number).txt"
            _ = FileManager.default.createFile(atPath: "\(self.folder)/\(path)", contents: Data("x".utf8))
            let closed = ContinuousClock.now
            while waits.count == number {
                if let offered = await receiver.offers[path] { waits.append((offered - closed) / .milliseconds(1)) }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        run.cancel()
        try await run.value
        waits.sort()
        print("closed to offered: median \(Int(waits[25])) ms, slowest of 50 \(Int(waits[49])) ms")
    }

    private func source(interval: Duration) throws -> LocalFilesSource {
        LocalFilesSource(
            pipeline: Pipeline(
                id: PipelineID("bench"), type: .localFiles, checkInterval: interval, watchLocation: self.folder),
            filter: try FileFilter(),
            maxFileSize: 1_000_000,
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private static func text(_ seconds: Double) -> String { String(format: "%.2f", seconds) }
}
