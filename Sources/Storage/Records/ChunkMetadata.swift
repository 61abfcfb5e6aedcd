import FoundationEssentials
import GRDB
import Ingest

/// The JSON beside every chunk, with the names that retrieval programs filter by and cite from.
struct ChunkMetadata: Codable, Equatable {
    var fileID: String
    var fileURL: String
    /// The file's name; the title that a document gives itself is in `document_metadata`.
    var fileTitle: String
    /// What the content was found to be, or else what the source believes.
    var mimeType: String?
    var chunkIndex: Int
    /// Where the file lies below the watch location.
    var source: String
    var pipelineID: String
    /// The page the chunk begins on, from 1; left out where the format has none.
    var page: Int?
    /// The sheet the chunk begins on; left out where the format has none.
    var sheet: String?
    var headingPath: [String]
    var tokens: Int

    /// Writes keys in a fixed order, so that equal metadata is equal text.
    static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    enum CodingKeys: String, CodingKey {
        case fileID = "file_id"
        case fileURL = "file_url"
        case fileTitle = "file_title"
        case mimeType = "mime_type"
        case chunkIndex = "chunk_index"
        case source
        case pipelineID = "pipeline_id"
        case page
        case sheet
        case headingPath = "heading_path"
        case tokens
    }

    init(_ chunk: Chunk, of entry: LedgerEntry) {
        self.fileID = entry.document.id.file
        self.fileURL = entry.document.url
        self.fileTitle = entry.document.name
        self.mimeType = entry.mediaType ?? entry.document.mimeType
        self.chunkIndex = chunk.index
        self.source = entry.document.path
        self.pipelineID = entry.document.id.pipeline.rawValue
        self.page = chunk.page
        self.sheet = chunk.sheet?.storable
        self.headingPath = chunk.headingPath
        self.tokens = chunk.tokens
    }

    /// The chunk of a row: the next column is its JSON, the one after that its text.
    ///
    /// - Throws: `SQLITE_CORRUPT` for JSON that this program did not write.
    static func chunk(from reader: inout RowReader) throws -> Chunk {
        let json = Data(try reader.next(String.self).utf8)
        guard let metadata = try? JSONDecoder().decode(ChunkMetadata.self, from: json) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
        return metadata.chunk(text: try reader.next())
    }

    /// The chunk again, with its text from beside the JSON.
    private func chunk(text: String) -> Chunk {
        Chunk(
            index: self.chunkIndex,
            text: text,
            tokens: self.tokens,
            page: self.page,
            sheet: self.sheet,
            headingPath: self.headingPath
        )
    }
}
