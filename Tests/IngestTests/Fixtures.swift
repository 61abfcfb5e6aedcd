import Ingest

extension PipelineID {
    static let test = PipelineID("docs")
}

extension Pipeline {
    static let test = Pipeline(
        id: .test,
        type: .localFiles,
        checkInterval: .seconds(60),
        watchLocation: "/srv/docs"
    )
}

extension DocumentID {
    static func test(_ name: String, in pipeline: String = "docs") -> DocumentID {
        DocumentID(pipeline: PipelineID(pipeline), file: name)
    }
}

extension SourceDocument {
    static func test(_ name: String, in pipeline: String = "docs", fingerprint: String = "1") -> SourceDocument {
        SourceDocument(
            id: .test(name, in: pipeline),
            name: "\(name).txt",
            path: "folder/\(name).txt",
            url: "file:///srv/docs/folder/\(name).txt",
            size: 100,
            fingerprint: fingerprint
        )
    }
}

extension Change {
    static func test(_ name: String, in pipeline: String = "docs", fingerprint: String = "1") -> Change {
        .upserted(.test(name, in: pipeline, fingerprint: fingerprint))
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var z = self.state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
