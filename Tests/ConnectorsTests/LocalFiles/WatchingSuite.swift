import Connectors
import Foundation
import Ingest
import Logging
import Testing

/// Everything that watches real places: one test at a time, so that each can count the file descriptors that it leaves.
@Suite("Watching", .serialized)
enum WatchingTests {}

/// A suite that runs sources on a temporary folder.
protocol WatchingSuite {
    var folder: TemporaryFolder { get }
}

extension WatchingSuite {
    func source(
        path: String? = nil,
        checkInterval: Duration = .seconds(3_600),
        settle: Duration = .milliseconds(300),
        filter: FileFilter? = nil,
        followsLinks: Bool = false,
        deletions: DeletionGuard.Limits = DeletionGuard.Limits(share: nil),
        pollInterval: Duration = .seconds(10),
        maxFileSize: Int = 1_000_000,
        pendingLimit: Int = 65_536
    ) throws -> LocalFilesSource {
        LocalFilesSource(
            pipeline: Pipeline(
                id: PipelineID("docs"),
                type: .localFiles,
                checkInterval: checkInterval,
                watchLocation: path ?? self.folder.path
            ),
            filter: try filter ?? FileFilter(),
            maxFileSize: maxFileSize,
            settle: settle,
            followsLinks: followsLinks,
            deletions: deletions,
            pollInterval: pollInterval,
            pendingLimit: pendingLimit,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Runs a source while the body runs, then cancels it and sees that nothing is left open.
    @discardableResult
    func watching(
        _ source: LocalFilesSource,
        known: [LedgerEntry] = [],
        held: [DocumentID: HeldDeletion.State] = [:],
        _ body: @escaping (RecordingReceiver) async throws -> Void
    ) async throws -> RecordingReceiver.Record {
        let receiver = RecordingReceiver(known: known)
        let run = Task { try await source.run(known: known, held: held, into: receiver) }
        do {
            try await body(receiver)
        } catch {
            run.cancel()
            try await run.value
            throw error
        }
        run.cancel()
        try await run.value
        #expect(Self.inotifyDescriptors == 0)
        return await receiver.record
    }

    static var inotifyDescriptors: Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.count { name in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)"))?
                .contains("inotify") ?? false
        }
    }
}
