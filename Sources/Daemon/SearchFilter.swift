package import Ingest

/// Which documents a search looks in.
package struct SearchFilter: Sendable {
    /// Nil means all.
    package var pipeline: PipelineID?
    /// The pipelines that whoever asks may see; nil means all.
    package var covered: Set<PipelineID>?
    /// A media type such as `application/pdf`, or the part before the slash; nil means all.
    package var mediaType: String?
    /// What paths below the watched place begin with: `reports/`; nil means all.
    package var path: String?

    package init(
        pipeline: PipelineID? = nil,
        covered: Set<PipelineID>? = nil,
        mediaType: String? = nil,
        path: String? = nil
    ) {
        self.pipeline = pipeline
        self.covered = covered
        self.mediaType = mediaType?.lowercased()
        self.path = path
    }

    /// Whether a hit is in one of the documents.
    func admits(_ hit: SearchHit) -> Bool {
        guard self.covered?.contains(hit.document.pipeline) ?? true else { return false }
        guard self.path.map({ hit.path.hasPrefix($0) }) ?? true else { return false }
        guard let mediaType else { return true }
        guard let type = hit.mediaType?.lowercased() else { return false }
        return type == mediaType || type.hasPrefix(mediaType + "/")
    }
}
