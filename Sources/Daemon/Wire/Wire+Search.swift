import Ingest
import SocketIO

extension Wire {
    /// One element of `hits` in the answer of `/api/search`.
    static func hit(_ hit: SearchHit) -> JSONValue {
        .object([
            "pipeline_id": .string(hit.document.pipeline.rawValue),
            "file": .object([
                "id": .string(hit.document.file), "name": .string(hit.name), "path": .string(hit.path),
                "url": .string(hit.url),
            ]),
            "title": Self.string(hit.title),
            "mime_type": Self.string(hit.mediaType),
            "chunk_index": .int(hit.chunk.index),
            "page": Self.int(hit.chunk.page),
            "sheet": Self.string(hit.chunk.sheet),
            "heading_path": .array(hit.chunk.headingPath.map(JSONValue.string)),
            "content": .string(hit.chunk.text),
            "score": .double(hit.score),
        ])
    }

    /// The answer of `/api/search`, and of `corpusd search --json`.
    static func answer(to query: String, _ answer: SearchAnswer, duration: Duration) -> JSONValue {
        .object([
            "query": .string(query),
            "duration": Self.seconds(duration),
            "words_only": .bool(answer.isByWordsOnly),
            "hits": .array(answer.hits.map(Self.hit)),
        ])
    }
}
