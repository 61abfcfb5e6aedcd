import Connectors
import Foundation
import Glibc
import Ingest
import Testing

extension WatchingTests {
    /// How editors and others save, step by step as `strace` shows it: one offer each, of the final content.
    @Suite("Local files: saving", .timeLimit(.minutes(1)))
    struct LocalFilesSaveTests: WatchingSuite {
        let folder: TemporaryFolder

        init() throws { self.folder = try TemporaryFolder() }

        /// Every way to save `a` with `text`.
        enum Way: String, CaseIterable {
            case vim, vimInPlace, emacs, glib, libreOffice, sed, jetBrains, rsync, python

            func save(_ text: String, in folder: TemporaryFolder) throws {
                switch self {
                case .vim:
                    // 'writebackup' with 'backupcopy=no': tries whether it may write, puts the old file aside.
                    try folder.write(".a.swp", "swap")
                    try folder.write("4913", "")
                    try folder.remove("4913")
                    try folder.rename("a", to: "a~")
                    try Self.writeSlowly("a", text, folder)
                    try folder.remove("a~")
                    try folder.remove(".a.swp")
                case .vimInPlace:
                    // 'backupcopy=yes', as for links: the copy is the backup.
                    try folder.write("a~", "old")
                    try Self.writeSlowly("a", text, folder)
                    try folder.remove("a~")
                case .emacs:
                    try folder.link("user@host.1:2", as: ".#a")
                    try folder.write("#a#", text)
                    try folder.rename("a", to: "a~")
                    try Self.writeSlowly("a", text, folder)
                    try folder.remove("#a#")
                    try folder.remove(".#a")
                case .glib:
                    try Self.writeSlowly(".goutputstream-X1Y2Z3", text, folder)
                    try folder.rename(".goutputstream-X1Y2Z3", to: "a")
                case .libreOffice:
                    try folder.write(".~lock.a#", "user")
                    try Self.writeSlowly("lu1234.tmp", text, folder)
                    try folder.rename("lu1234.tmp", to: "a")
                    try folder.remove(".~lock.a#")
                case .sed:
                    try Self.writeSlowly("sedAbCdEf", text, folder)
                    try folder.rename("sedAbCdEf", to: "a")
                case .jetBrains:
                    try Self.writeSlowly("a___jb_tmp___", text, folder)
                    try folder.rename("a", to: "a___jb_old___")
                    try folder.rename("a___jb_tmp___", to: "a")
                    try folder.remove("a___jb_old___")
                case .rsync:
                    try Self.writeSlowly(".a.Xy12Zq", text, folder)
                    try folder.age(Array(".a.Xy12Zq".utf8))
                    try folder.rename(".a.Xy12Zq", to: "a")
                case .python:
                    try folder.write("a", "")
                    try Self.writeSlowly("a", text, folder)
                }
            }

            /// Truncates or makes a file and writes it in two pieces, with a sync in between.
            private static func writeSlowly(_ name: String, _ text: String, _ folder: TemporaryFolder) throws {
                let file = try folder.open(Array(name.utf8), flags: O_WRONLY | O_CREAT | O_TRUNC)
                defer { close(file) }
                let bytes = Array(text.utf8)
                let half = bytes.count / 2
                try #require(Glibc.write(file, Array(bytes[..<half]), half) == half)
                fsync(file)
                try #require(Glibc.write(file, Array(bytes[half...]), bytes.count - half) == bytes.count - half)
            }
        }

        @Test(arguments: Way.allCases) func savingIsOneOfferOfTheFinalContent(_ way: Way) async throws {
            try self.folder.write("a", "old")
            try self.folder.age()
            try await self.watching(self.source(settle: .seconds(20))) { [folder] receiver in
                let before = try await receiver.until { $0.checks == 1 }
                try way.save("what is new", in: folder)
                try await receiver.until { $0.documents.values.first?.size == 11 }
                try folder.write("marker")
                let record = try await receiver.until { $0.paths == ["a", "marker"] }
                #expect(record.changes.count == 3)
                #expect(record.id(of: "a") == before.id(of: "a"))
            }
        }

        /// The machine may be busy, but not all of the time.
        @Test func closedFileIsOfferedWithinATenthOfASecond() async throws {
            try await self.watching(self.source(settle: .seconds(20))) { [folder] receiver in
                try await receiver.until { $0.checks == 1 }
                var waits: [Duration] = []
                for number in 0..<20 {
                    try folder.write("\(number)")
                    let closed = ContinuousClock.now
                    try await receiver.until { $0.paths.contains("\(number)") }
                    waits.append(ContinuousClock.now - closed)
                }
                #expect(try #require(waits.min()) < .milliseconds(100))
            }
        }

        @Test func growingFileWaitsUntilItIsQuiet() async throws {
            try await self.watching(self.source(settle: .seconds(1))) { [folder] receiver in
                try await receiver.until { $0.checks == 1 }
                let file = try folder.open(Array("a".utf8), flags: O_WRONLY | O_CREAT)
                defer { close(file) }
                // Each piece comes well before the one before has been quiet for long enough.
                let start = ContinuousClock.now
                for number in 0..<8 {
                    #expect(Glibc.write(file, "x", 1) == 1)
                    try folder.write("marker\(number)")
                    try await receiver.until { $0.paths.contains("marker\(number)") }
                }
                let written = ContinuousClock.now - start
                let record = try await receiver.until { $0.paths.contains("a") }
                guard written < .seconds(1) else { return }
                #expect(record.offers(of: "a") == 1)
                #expect(record.documents.values.first { $0.path == "a" }?.size == 8)
            }
        }

        /// More events than the kernel keeps for us: the folder is read again.
        @Test func realOverflowLosesNothing() async throws {
            let text = try String(contentsOfFile: "/proc/sys/fs/inotify/max_queued_events", encoding: .utf8)
            let limit = try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            try self.folder.makeDirectory("d")
            try await self.watching(self.source(settle: .milliseconds(100))) { [folder] receiver in
                try await receiver.until { $0.checks == 1 }
                // While an offer is held back nobody reads events.
                await receiver.setFull(true)
                try folder.write("first")
                try await receiver.until { $0.held > 0 }
                for number in 0..<(limit / 2 + 2_000) { try folder.write("d/\(number % 100)", "\(number)") }
                try folder.write("d/last")
                let expected = Set(try FileManager.default.subpathsOfDirectory(atPath: folder.path)).subtracting(["d"])
                await receiver.setFull(false)
                let record = try await receiver.until { $0.checks >= 2 && $0.documents.count == expected.count }
                #expect(record.paths == expected)
            }
        }

        @Test func treeThatIsDeletedIsHeldUntilItIsBack() async throws {
            try self.folder.makeDirectory("keep")
            try self.folder.makeDirectory("tree/deep")
            let outside = try TemporaryFolder()
            for number in 0..<30 { try self.folder.write("tree/deep/\(number)") }
            for number in 0..<10 { try self.folder.write("keep/\(number)") }
            try self.folder.age()
            let guarded = try self.source(deletions: DeletionGuard.Limits())
            let first = try await self.watching(guarded) { [folder] receiver in
                try await receiver.until { $0.checks == 1 }
                #expect(Glibc.rename(folder.path("tree"), outside.path("tree")) == 0)
                let record = try await receiver.until { $0.heldDocuments.count == 30 }
                #expect(record.documents.count == 40)
                try folder.remove("keep/0")
                try await receiver.until { $0.heldDocuments.count == 31 || $0.documents.count == 39 }
            }
            let held = Dictionary(first.heldDocuments.map { ($0, HeldDeletion.State.held) }, uniquingKeysWith: { $1 })
            let second = try await self.watching(
                self.source(deletions: DeletionGuard.Limits()), known: first.ledger, held: held
            ) { [folder] receiver in
                try await receiver.until { $0.checks == 1 }
                #expect(Glibc.rename(outside.path("tree"), folder.path("tree")) == 0)
                try await receiver.until { record in record.released.count >= 30 }
            }
            #expect(!second.changes.contains { if case .removed = $0 { true } else { false } })
            #expect(second.documents.count >= 39)
        }
    }
}
