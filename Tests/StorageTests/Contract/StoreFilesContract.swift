import FoundationEssentials
import Ingest
import Synchronization
import Testing

/// What every store does when files are listed and failures get a new start.
@Suite("Store contract: files and failures")
struct StoreFilesContract {
    private static let later = Fixtures.start.addingTimeInterval(3_600)

    /// One file of each state, and a dead letter of another pipeline.
    private static func fill(_ store: any Store) async throws {
        _ = try await store.replace(with: Fixtures.version("stored", texts: ["oak"]))
        _ = try await store.record(Fixtures.entry("skipped", state: .skipped(reason: "empty file")))
        _ = try await store.record(Fixtures.entry("retrying", state: Fixtures.failure(nextAttemptAt: Self.later)))
        _ = try await store.record(Fixtures.entry("dead", state: Fixtures.failure(attempt: 5)))
        let other = PipelineID("other")
        _ = try await store.record(Fixtures.entry("far", in: other, state: Fixtures.failure(attempt: 5)))
    }

    private static func names(_ page: FilePage) -> [String] { page.entries.map(\.document.id.file) }

    @Test(arguments: StoreKind.allCases)
    func eachStateListsItsOwnFiles(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await Self.fill(store)
            let expected: [(FileQuery.State, [String])] = [
                (.stored, ["stored"]), (.skipped, ["skipped"]), (.retrying, ["retrying"]), (.failed, ["dead", "far"]),
            ]
            for (state, names) in expected {
                let page = try await store.files(FileQuery(state: state))
                #expect(Self.names(page) == names)
                #expect(page.entries.allSatisfy { $0.fileState == state })
            }
            #expect(Self.names(try await store.files(FileQuery(pipeline: PipelineID("other")))) == ["far"])
            #expect(Self.names(try await store.files(FileQuery(fileID: "dead"))) == ["dead"])
            #expect(Self.names(try await store.files(FileQuery(path: "guides/skipped.md"))) == ["skipped"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func totalsCountTheFailuresWhateverBecomesOfThem(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            func counts() async throws -> [Int] {
                let totals = try await store.totals(of: Fixtures.pipeline)
                return [totals.failed, totals.retrying]
            }
            let dead = Fixtures.failure(attempt: 5)
            let retrying = Fixtures.failure(nextAttemptAt: Self.later)
            for name in ["a", "b", "c"] { _ = try await store.record(Fixtures.entry(name, state: dead)) }
            let before = try await store.totals(of: Fixtures.pipeline)
            let after = try await store.record(Fixtures.entry("d", state: retrying))
            #expect(after.failed == 3 && after.retrying == 1)
            #expect(after.revision > before.revision)
            // The same again, the other way round, a success, a skip, a removal, and a new start.
            _ = try await store.record(Fixtures.entry("d", state: retrying))
            #expect(try await counts() == [3, 1])
            _ = try await store.record(Fixtures.entry("d", state: dead))
            _ = try await store.record(Fixtures.entry("a", state: retrying))
            #expect(try await counts() == [3, 1])
            #expect(try await store.replace(with: Fixtures.version("a", texts: ["oak"])).totals.retrying == 0)
            #expect(try await store.record(Fixtures.entry("b", state: .skipped(reason: "empty file"))).failed == 2)
            #expect(try await store.remove(Fixtures.id("c"))?.totals.failed == 1)
            _ = try await store.resetFailures(.deadLetters(nil), at: Fixtures.start)
            #expect(try await counts() == [0, 1])
            #expect(try await store.totals(of: PipelineID("other")).failed == 0)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func pagesAreFullAlsoWhenOnlySomePipelinesMayBeSeen(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let (seen, other) = (PipelineID("seen"), PipelineID("other"))
            for index in 0..<6 {
                let state = index.isMultiple(of: 2) ? Fixtures.failure(attempt: 5) : .skipped(reason: "empty file")
                for _ in 0..<2 {
                    _ = try await store.record(Fixtures.entry("\(index)", in: other, state: state))
                }
                _ = try await store.record(Fixtures.entry("\(index)", in: seen, state: state))
            }
            let expected: [(FileQuery.State?, [String])] = [
                (nil, ["0", "1", "2", "3", "4", "5"]), (.failed, ["0", "2", "4"]), (.stored, []),
            ]
            for (state, names) in expected {
                var query = FileQuery(pipelines: [seen], state: state, limit: 3)
                let first = try await store.files(query)
                query.after = first.next ?? .max
                let second = try await store.files(query)
                #expect(Self.names(first) == Array(names.prefix(3)))
                #expect(Self.names(second) == Array(names.dropFirst(3)))
                #expect(second.next == nil && (first.next == nil) == (names.count <= 3))
                #expect((first.entries + second.entries).allSatisfy { $0.document.id.pipeline == seen })
            }
            #expect(try await store.files(FileQuery(pipelines: [seen, other])).entries.count == 12)
            #expect(Self.names(try await store.files(FileQuery(pipelines: [seen], fileID: "2"))) == ["2"])
            #expect(Self.names(try await store.files(FileQuery(pipeline: other, pipelines: [seen]))) == [])
            #expect(Self.names(try await store.files(FileQuery(pipelines: []))) == [])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func partsOfAPathAreTakenLiterally(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            for name in ["100%", "a_b", "axb", "back\\slash"] {
                _ = try await store.record(Fixtures.entry(name, state: .skipped(reason: "empty file")))
            }
            for (text, names) in [("%", ["100%"]), ("A_B", ["a_b"]), ("k\\s", ["back\\slash"]), ("nothing", [])] {
                #expect(Self.names(try await store.files(FileQuery(text: text))) == names)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func pagesFollowOneAnotherWithoutGaps(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            for index in 0..<7 { _ = try await store.replace(with: Fixtures.version("\(index)", texts: [])) }
            var query = FileQuery(limit: 3)
            var pages: [[String]] = []
            while true {
                let page = try await store.files(query)
                pages.append(Self.names(page))
                guard let next = page.next else { break }
                query.after = next
            }
            #expect(pages == [["0", "1", "2"], ["3", "4", "5"], ["6"]])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func deadLettersGetANewStart(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await Self.fill(store)
            let reset = try await store.resetFailures(.deadLetters(Fixtures.pipeline), at: Self.later)
            #expect(reset.map(\.document.id.file) == ["dead"])
            let entry = try #require(try await store.entry(for: Fixtures.id("dead")))
            guard case .failed(let failure, let attempt, let due) = entry.state else {
                Issue.record("it is still a failure")
                return
            }
            #expect(failure.isRetryable && attempt == 0 && due == Self.later)
            #expect(Self.names(try await store.files(FileQuery(state: .failed))) == ["far"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func onlyAFailedFileIsReset(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await Self.fill(store)
            for (name, count) in [("stored", 0), ("skipped", 0), ("unknown", 0), ("retrying", 1), ("dead", 1)] {
                let reset = try await store.resetFailures(.file(Fixtures.id(name)), at: Self.later)
                #expect(reset.count == count, "\(name)")
            }
            #expect(try await store.files(FileQuery(state: .stored)).entries.count == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func timingsOfTheStagesAreKept(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var version = Fixtures.version("a", texts: ["oak"])
            version.entry.timings[.extraction] = 0.25
            version.entry.timings[.storing] = 0.5
            _ = try await store.replace(with: version)
            let entry = try #require(try await store.entry(for: Fixtures.id("a")))
            #expect(entry.timings == version.entry.timings)
            #expect(entry.timings[.chunking] == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func theTimeThatStoringTakesIsToldWhenAllIsWritten(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let row = WatchedRow()
            var version = Fixtures.version("a", texts: ["oak"])
            version.tables = DocumentTables(schemas: [TableSchema(columns: ["n"], rowCount: 1)], rows: row)
            var finished = version.entry
            finished.updatedAt.addTimeInterval(2)
            finished.timings[.storing] = 1.5
            finished.state = .stored(Fixtures.results(chunks: 1, duration: 4))
            version.finishedEntry = { [finished] in
                let rowsAreWritten = row.isRead.load(ordering: .sequentiallyConsistent)
                #expect(rowsAreWritten)
                return finished
            }
            #expect(try await store.replace(with: version).entry == finished)
            #expect(try await store.entry(for: Fixtures.id("a")) == finished)
            #expect(try await store.recentlyStored(in: Fixtures.pipeline, limit: 1) == [finished])
            let outcome = try #require(try await store.history(of: Fixtures.id("a")).first)
            #expect(outcome.duration == 4)
            #expect(outcome.at == finished.updatedAt)
        }
    }
}

/// A row of a table, and whether it was read.
private final class WatchedRow: TableRows {
    let isRead = Atomic(false)

    func readEach(_ body: (TableRow) throws -> Void) throws {
        try body(TableRow(table: 0, cells: [.number(1)]))
        self.isRead.store(true, ordering: .sequentiallyConsistent)
    }
}
