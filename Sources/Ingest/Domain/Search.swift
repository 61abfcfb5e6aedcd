/// A question to the store.
package struct SearchQuery: Equatable, Sendable {
    package var text: String
    /// The embedding of `text`, unit length; nil searches the full text alone.
    package var vector: [Float]?
    /// How many hits at most, 1 or more.
    package var limit: Int
    /// Only passages of these documents; what others hold makes no difference to the answer.
    package var filter: SearchFilter

    package init(text: String, vector: [Float]?, limit: Int, filter: SearchFilter = SearchFilter()) {
        self.text = text
        self.vector = vector
        self.limit = limit
        self.filter = filter
    }
}

/// One passage that answers a `SearchQuery`, best first.
package struct SearchHit: Equatable, Sendable {
    package var document: DocumentID
    package var name: String
    package var path: String
    package var url: String
    package var title: String?
    /// Found by looking at the content; nil when it is not known.
    package var mediaType: String?
    package var chunk: Chunk
    /// Fused score; comparable within one result list only, higher is better.
    package var score: Double

    package init(
        document: DocumentID,
        name: String,
        path: String,
        url: String,
        title: String?,
        mediaType: String? = nil,
        chunk: Chunk,
        score: Double
    ) {
        self.document = document
        self.name = name
        self.path = path
        self.url = url
        self.title = title
        self.mediaType = mediaType
        self.chunk = chunk
        self.score = score
    }
}
