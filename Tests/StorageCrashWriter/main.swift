import Foundation
import Ingest
import Logging
import Storage

// Replaces the same few documents again and again until it is killed; writes a byte to standard output after each.
// Usage: StorageCrashWriter <database> <seed>
// What version v of a document holds is told by its texts: `document 3 version v chunk 1 of 4`.

let model = EmbeddingModel(provider: "builtin", name: "tiny", dimensions: 8)
let pipeline = PipelineID("crash")

func version(_ number: Int, of document: Int) -> DocumentVersion {
    let count = 1 + (number * 7 + document) % 40
    let padding = String(repeating: "padding of some length ", count: number % 50)
    let results = Results(
        chunksCreated: count,
        embeddingsGenerated: count,
        embeddingsReused: 0,
        processingDuration: 0,
        contentLength: 0
    )
    let source = SourceDocument(
        id: DocumentID(pipeline: pipeline, file: "\(document)"),
        name: "\(document)",
        path: "\(document)",
        url: "file:///\(document)",
        size: nil,
        fingerprint: "\(number)"
    )
    return DocumentVersion(
        entry: LedgerEntry(
            document: source,
            state: .stored(results),
            contentHash: nil,
            mediaType: nil,
            updatedAt: Date(timeIntervalSince1970: Double(number))
        ),
        title: nil,
        chunks: (0..<count).map { index in
            Chunk(
                index: index,
                text: "document \(document) version \(number) chunk \(index) of \(count) \(padding)end",
                tokens: 1
            )
        },
        vectors: (0..<count).map { index in
            let angle = Float(number * 100 + index)
            return [cos(angle), sin(angle), 0, 0, 0, 0, 0, 0]
        },
        cursor: "\(number)"
    )
}

let logger = Logger(label: "crash") { _ in SwiftLogNoOpLogHandler() }
let store = try SQLiteStore(path: CommandLine.arguments[1], model: model, logger: logger)
// Versions only ever grow, over all runs on one database.
var number = (try await store.cursor(of: pipeline)).flatMap { Int($0) } ?? 0
while true {
    number += 1
    let document = number % 5
    if number % 17 == 0 {
        _ = try await store.remove(DocumentID(pipeline: pipeline, file: "\(document)"))
    } else {
        _ = try await store.replace(with: version(number, of: document))
    }
    FileHandle.standardOutput.write(Data([0x2E]))
}
