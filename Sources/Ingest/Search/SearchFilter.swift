/// Which documents a search looks in.
package struct SearchFilter: Equatable, Sendable {
    /// Only documents of these pipelines; nil means all.
    package var pipelines: Set<PipelineID>?
    /// A media type such as `application/pdf`, or the part before the slash, in lower case; nil means all.
    package var mediaType: String?
    /// What paths below the watched place begin with, by Unicode scalars: `reports/`; nil means all.
    package var path: String?

    package init(pipelines: Set<PipelineID>? = nil, mediaType: String? = nil, path: String? = nil) {
        self.pipelines = pipelines
        self.mediaType = mediaType?.lowercased()
        self.path = path
    }
}
