import CMalloc
import Connectors
import Foundation
import Glibc
import Ingest
import Logging

/// What watching a folder costs: `watch-bench [FILES]` makes that many files, by default 100,000, and checks them.

/// Keeps the ledger that the source begins with, and counts what it is offered.
actor Receiver: ChangeReceiver {
    private(set) var documents: [SourceDocument] = []
    private var isKeeping = true
    private var checks: AsyncStream<Double>.Continuation
    private var cpuAtStart = 0.0
    private(set) var offers: [String: ContinuousClock.Instant] = [:]

    init(checks: AsyncStream<Double>.Continuation) { self.checks = checks }

    func offer(_ change: Change) async throws {
        guard case .upserted(let document) = change else { return }
        if self.isKeeping { self.documents.append(document) } else { self.offers[document.path] = .now }
    }

    func stopKeeping() -> [SourceDocument] {
        self.isKeeping = false
        defer { self.documents = [] }
        return self.documents
    }

    func hold(_ documents: [DocumentID]) async {}
    func release(_ documents: [DocumentID]) async {}
    func cursor() async throws -> String? { nil }
    func advance(to cursor: String) async throws {}

    func report(_ event: SourceEvent) async {
        switch event {
        case .checkStarted: self.cpuAtStart = cpuSeconds()
        case .checkFinished: self.checks.yield(cpuSeconds() - self.cpuAtStart)
        case .unavailable(let message, _): print("unavailable: \(message)")
        }
    }
}

func cpuSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
}

func next(of checks: AsyncStream<Double>) async -> Double {
    for await seconds in checks { return seconds }
    return 0
}

func heapBytes() -> Int {
    let info = mallinfo2()
    return Int(info.uordblks) + Int(info.hblkhd)
}

func source(_ path: String, interval: Duration) throws -> LocalFilesSource {
    LocalFilesSource(
        pipeline: Pipeline(
            id: PipelineID("bench"), type: .localFiles, checkInterval: interval, watchLocation: path),
        filter: try FileFilter(),
        maxFileSize: 1_000_000,
        logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    )
}

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 100_000
let folder = FileManager.default.temporaryDirectory.appendingPathComponent("watch-bench-\(getpid())").path
for number in 0..<(count / 100) {
    try FileManager.default.createDirectory(
        atPath: "\(folder)/group-\(number / 50)/section-\(number)", withIntermediateDirectories: true)
}
let old = [timespec](repeating: timespec(tv_sec: 1_000_000_000, tv_nsec: 0), count: 2)
for number in 0..<count {
    let path = "\(folder)/group-\(number / 5_000)/section-\(number / 100)/document-\(number).txt"
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    close(file)
    utimensat(AT_FDCWD, path, old, 0)
}
print("\(count) files in \(count / 100) directories, names of \("document-\(count - 1).txt".utf8.count) bytes")

// What is kept of each file, by itself.
let (checks, continuation) = AsyncStream.makeStream(of: Double.self)
let receiver = Receiver(checks: continuation)
let first = Task { try await source(folder, interval: .seconds(3_600)).run(known: [], held: [:], into: receiver) }
print("first check, everything is new: \(await next(of: checks)) s of CPU")
first.cancel()
try await first.value
var documents = await receiver.stopKeeping()

let before = heapBytes()
var known = KnownFiles()
for document in documents {
    guard let id = FileID(document.id.file), let fingerprint = FileFingerprint(document.fingerprint) else { continue }
    known.set(KnownFiles.File(id: id, fingerprint: fingerprint), at: RelativePath(document.path))
}
print("kept of each file: \((heapBytes() - before) / max(1, known.count)) bytes")

let ledger = documents.map {
    LedgerEntry(
        document: $0, state: .skipped(reason: "bench"), contentHash: nil, mediaType: nil, updatedAt: Date())
}
documents = []
let second = Task { try await source(folder, interval: .seconds(1)).run(known: ledger, held: [:], into: receiver) }
for number in 1...3 { print("check \(number), nothing has changed: \(await next(of: checks)) s of CPU") }

// From the end of a write to the offer.
var waits: [Double] = []
for number in 0..<50 {
    let path = "group-0/section-1/new-\(number).txt"
    FileManager.default.createFile(atPath: "\(folder)/\(path)", contents: Data("x".utf8))
    let closed = ContinuousClock.now
    while true {
        if let offered = await receiver.offers[path] {
            waits.append((offered - closed) / .milliseconds(1))
            break
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}
waits.sort()
print("closed to offered: median \(Int(waits[25])) ms, slowest of 50 \(Int(waits[49])) ms")
second.cancel()
try await second.value
try FileManager.default.removeItem(atPath: folder)
