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
