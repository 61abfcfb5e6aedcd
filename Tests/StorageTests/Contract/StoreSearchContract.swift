import Ingest
import Testing

/// What a search must find, and survive.
@Suite("Store contract: search")
struct StoreSearchContract {
    /// Passages of a small handbook, by file.
    static let handbook = [
        "install": "Packages are installed with apt: run apt-get install followed by the name of the package.",
        "remove": "To uninstall software, use apt-get remove; purge also deletes its configuration files.",
        "backup": "A nightly job copies the database to the backup server and keeps the last fourteen copies.",
        "restore": "Restoring begins with the newest copy; stop the daemon before you replace its database.",
        "network": "The interface gets its address by DHCP unless a static address is configured.",
        "printer": "Printers announce themselves by multicast; CUPS lists those it finds on the network.",
        "users": "New accounts are created with adduser, which asks for a password and a full name.",
        "cafe": "Das Café im Erdgeschoß öffnet um acht Uhr.",
        "tokyo": "東京都庁舎の開庁時間は平日の八時半からです。",
        "seoul": "패키지를 설치하려면 명령을 실행하십시오.",
    ]

    struct Case: CustomTestStringConvertible {
        let query: String
        let file: String
        var testDescription: String { "\(self.query) → \(self.file)" }
    }

    static func fill(_ store: any Store) async throws {
        for (file, text) in Self.handbook.sorted(by: { $0.key < $1.key }) {
            _ = try await store.replace(with: Fixtures.version(file, texts: [text]))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func wordsFindTheRightPassage(_ kind: StoreKind) async throws {
        let cases = [
            Case(query: "how do I install a package", file: "install"),
            Case(query: "uninstalling", file: "remove"),
            Case(query: "Where are the backups kept?", file: "backup"),
            Case(query: "restore the database", file: "restore"),
            Case(query: "static DHCP addresses", file: "network"),
            Case(query: "which PRINTER was found", file: "printer"),
            Case(query: "create an account with a password", file: "users"),
            Case(query: "cafe offnet", file: "cafe"),
            Case(query: "開庁時間", file: "tokyo"),
            Case(query: "都", file: "tokyo"),
            Case(query: "설치", file: "seoul"),
        ]
        try await kind.withStore { store in
            try await Self.fill(store)
            for example in cases {
                let hits = try await store.search(SearchQuery(text: example.query, vector: nil, limit: 3))
                #expect(hits.first?.document.file == example.file, "\(example)")
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func vectorFindsItsOwnPassageFirst(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await Self.fill(store)
            for (file, text) in Self.handbook {
                let query = SearchQuery(text: "", vector: Fixtures.vector(of: text), limit: 4)
                let hits = try await store.search(query)
                #expect(hits.first?.document.file == file)
                #expect(hits.count == 4)
                #expect(hits.map(\.score) == hits.map(\.score).sorted(by: >))
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func passageInBothRankingsComesFirst(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await Self.fill(store)
            let vector = Fixtures.vector(of: try #require(Self.handbook["printer"]))
            // "database" is in two other passages, "CUPS" in this one.
            let query = SearchQuery(text: "database CUPS", vector: vector, limit: 10)
            let hits = try await store.search(query)
            #expect(hits.first?.document.file == "printer")
            #expect(abs((hits.first?.score ?? 0) - 2 / 61.0) < 1e-9)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func onlyTheAskedPipelineIsSearched(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let other = PipelineID("archive")
            for index in 0..<150 {
                _ = try await store.replace(with: Fixtures.version("\(index)", texts: ["oak oak oak"]))
            }
            _ = try await store.replace(with: Fixtures.version("rare", texts: ["one oak among many trees"], in: other))
            let vector = Fixtures.vector(of: "oak oak oak")
            for vector in [nil, vector] {
                let query = SearchQuery(text: "oak", vector: vector, limit: 5, filter: SearchFilter(pipelines: [other]))
                #expect(try await store.search(query).map(\.document) == [Fixtures.id("rare", in: other)])
                let all = SearchQuery(text: "oak", vector: vector, limit: 500)
                #expect(try await store.search(all).count == 151)
            }
            let none = SearchFilter(pipelines: [PipelineID("none")])
            let unknown = SearchQuery(text: "oak", vector: vector, limit: 5, filter: none)
            #expect(try await store.search(unknown).isEmpty)
        }
    }

    /// More of it, and better, is in other documents than any search looks through.
    @Test(arguments: StoreKind.allCases)
    func whatAFilterAdmitsIsFoundHoweverMuchElseThereIs(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let crowd = Array(repeating: "oak oak oak", count: 500)
            let other = PipelineID("other")
            for index in 0..<6 { _ = try await store.replace(with: Fixtures.version("\(index)", texts: crowd)) }
            var rare = Fixtures.version("rare", texts: ["one oak among many trees"])
            rare.entry.document.path = "übersicht/2024/Bäume.PDF"
            rare.entry.mediaType = "Application/PDF"
            _ = try await store.replace(with: rare)
            let admitting = [
                SearchFilter(path: "ü"), SearchFilter(path: "übersicht/2024/"), SearchFilter(mediaType: "application"),
                SearchFilter(mediaType: "APPLICATION/pdf"),
                SearchFilter(pipelines: [Fixtures.pipeline, other], mediaType: "application/pdf", path: "übersicht"),
            ]
            let refusing = [
                SearchFilter(path: "2024"), SearchFilter(path: "Übersicht"), SearchFilter(path: "übersicht%"),
                SearchFilter(mediaType: "app"), SearchFilter(mediaType: "application/"), SearchFilter(mediaType: "%"),
                SearchFilter(pipelines: [other], path: "übersicht"), SearchFilter(pipelines: []),
            ]
            for vector in [nil, Fixtures.vector(of: "oak oak oak")] {
                for filter in admitting {
                    let query = SearchQuery(text: "oak", vector: vector, limit: 5, filter: filter)
                    #expect(try await store.search(query).map(\.document) == [Fixtures.id("rare")], "\(filter)")
                }
                for filter in refusing {
                    let query = SearchQuery(text: "oak", vector: vector, limit: 5, filter: filter)
                    #expect(try await store.search(query).isEmpty, "\(filter)")
                }
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func hostileQuestionsFindNothingOrSomethingButNeverFail(_ kind: StoreKind) async throws {
        let hostile = [
            "", " ", "\u{0}", "!!! ??? --", "\"", "\"\"\"", "\" OR NEAR(", "a AND", "NOT", "content:", "-content : x",
            "^oak", "oak*", "{content}", "NEAR(a b, 10)", "(", ")", "oak OR (", "';--", "%00", "\u{FFFD}",
            "\u{202E}kao",
            "\u{301}", "🌳", "مرحبا", "नमस्ते", "Ⅷ ½ ²", "oak\u{0}\" OR \"elm", String(repeating: "\"(", count: 5_000),
            String(repeating: "oak ", count: 250_000), String(repeating: "木", count: 350_000),
            String(repeating: "x", count: 1_000_000),
        ]
        try await kind.withStore { store in
            _ = try await store.replace(with: Fixtures.version("a", texts: ["oak and elm"]))
            for text in hostile {
                let hits = try await store.search(SearchQuery(text: text, vector: nil, limit: 5))
                let expected = text.contains("oak") || text.contains("elm") || text.contains("AND") ? 0...1 : 0...0
                #expect(expected.contains(hits.count), "\(text.prefix(20).debugDescription)")
                let vector = Fixtures.vector(of: "elm")
                #expect(try await store.search(SearchQuery(text: text, vector: vector, limit: 5)).count == 1)
            }
            let wrong = SearchQuery(text: "oak", vector: [1, 0], limit: 5)
            let error = await #expect(throws: (any Error).self) { try await store.search(wrong) }
            #expect(error is any DocumentError)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func stopWordsAreSearchedForWhenNothingElseIsAsked(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.replace(
                with: Fixtures.version("a", texts: ["to be or not to be", "oak of the forest"]))
            let hits = try await store.search(SearchQuery(text: "To be?", vector: nil, limit: 5))
            #expect(hits.map(\.chunk.index) == [0])
            let forest = try await store.search(SearchQuery(text: "to be the forest", vector: nil, limit: 5))
            #expect(forest.map(\.chunk.index) == [1])
        }
    }
}
