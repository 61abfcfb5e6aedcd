import Ingest
import SocketIO

extension Wire {
    /// One passage in the answer of `GET /api/files/{id}/chunks`.
    static func chunk(_ chunk: Chunk) -> JSONValue {
        [
            "chunk_index": .int(chunk.index),
            "page": Self.int(chunk.page),
            "sheet": Self.string(chunk.sheet),
            "heading_path": .array(chunk.headingPath.map(JSONValue.string)),
            "content": .string(chunk.text),
            "tokens": .int(chunk.tokens),
        ]
    }
}
