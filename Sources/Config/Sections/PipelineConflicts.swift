/// Finds pipelines that cannot run beside each other.
struct PipelineConflicts {
    let diagnostics: Diagnostics

    /// Reports ids that are used twice, folders that two pipelines would index, and a folder that holds the database.
    ///
    /// - Parameters:
    ///   - drafts: In the order of the file; of two that clash the later one is at fault.
    ///   - database: The store's file; watching it would never come to rest, as each write is a change.
    func report(among drafts: [PipelineDraft], database: AbsolutePath) {
        for (index, draft) in drafts.enumerated() {
            self.reportID(of: draft, at: index, earlier: drafts[..<index])
            self.reportPath(of: draft, at: index, earlier: drafts[..<index])
            self.reportFolder(of: draft, at: index, earlier: drafts[..<index])
            if let path = draft.path, path.value.contains(database) {
                self.diagnostics.report(
                    "'pipelines[\(index)].path' must not contain the database \(database.string.quoted): "
                        + "move 'store.path' elsewhere",
                    at: path.mark
                )
            }
        }
    }

    private func reportID(of draft: PipelineDraft, at index: Int, earlier: ArraySlice<PipelineDraft>) {
        guard let id = draft.id else { return }
        guard let first = earlier.lazy.compactMap(\.id).first(where: { $0.value == id.value }) else { return }
        self.diagnostics.report(
            "'pipelines[\(index)].id' must be unique: \(id.value.quoted) is already used at \(first.mark.prose)",
            at: id.mark
        )
    }

    private func reportFolder(of draft: PipelineDraft, at index: Int, earlier: ArraySlice<PipelineDraft>) {
        guard let drive = draft.pipeline.drive, let folder = drive.folderID, let mark = drive.folderMark else { return }
        let other = earlier.lazy.compactMap(\.pipeline.drive).first { $0.folderID == folder }
        guard let first = other?.folderMark else { return }
        self.diagnostics.report(
            "'pipelines[\(index)].folder_id' \(folder.quoted) is also the folder at \(first.prose), "
                + "so files would be indexed twice: watch folders apart from each other",
            at: mark
        )
    }

    private func reportPath(of draft: PipelineDraft, at index: Int, earlier: ArraySlice<PipelineDraft>) {
        guard let path = draft.path else { return }
        for case let other? in earlier.lazy.map(\.path) {
            let isInside = other.value.contains(path.value)
            guard isInside || path.value.contains(other.value) else { continue }
            let relation = path.value == other.value ? "is also" : isInside ? "lies inside" : "contains"
            self.diagnostics.report(
                "'pipelines[\(index)].path' \(path.value.string.quoted) \(relation) the path at "
                    + "\(other.mark.prose), so files would be indexed twice: watch folders apart from each other",
                at: path.mark
            )
            return
        }
    }
}
