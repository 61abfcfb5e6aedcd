package import Ingest
package import Logging

/// Tries out a pipeline's access to Google Drive: logs in and lists everything once, without reading content.
package struct DriveSurvey: Sendable {
    /// The account's address: of the service account, or of the person.
    package var account: String
    /// Files that the pipeline would take.
    package var documents: Int
    /// Whether Drive said that it did not list everything.
    package var isIncomplete: Bool

    /// Logs in and lists.
    ///
    /// - Throws: `CredentialsError`, `DriveError` or `DriveProblem`: what does not work, and what to do.
    package init(
        pipeline: Pipeline,
        scope: DriveScope,
        access: GoogleDriveSource.Access,
        logger: Logger
    ) async throws {
        let api = try DriveAPI(access, logger: logger)
        self.account = try await api.account()
        var session = DriveSession(
            pipeline: pipeline,
            scope: scope,
            api: api,
            unreached: UnreachedDocuments(),
            known: [],
            cursor: nil,
            logger: logger
        )
        try await session.beginListing()
        try await session.complete(into: Nobody())
        self.documents = session.documents.count
        self.isIncomplete = session.isIncomplete
    }
}

/// Takes changes and does nothing with them.
private struct Nobody: ChangeReceiver {
    func offer(_ change: Change) async throws {}
    func cursor() async throws -> String? { nil }
    func advance(to cursor: String) async throws {}
    func hold(_ documents: [DocumentID]) async {}
    func release(_ documents: [DocumentID]) async {}
    func report(_ event: SourceEvent) async {}
}
