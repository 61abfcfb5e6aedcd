package import Ingest
package import Logging
import NIOPosix

/// A folder of Google Drive, or all of it, with everything below.
///
/// Lists it once, then follows the change logs; a restart goes on where the last run had stored everything. A file's
/// id is Drive's own. A file that is only reached by a shortcut is a document too, once.
package struct GoogleDriveSource: Source {
    /// How to reach Google.
    package struct Access: Sendable {
        /// Such as `https://www.googleapis.com`; requests go to `/drive/v3/` below it.
        package var apiEndpoint: String
        /// Where tokens are had; nil is what the credentials say.
        package var tokenEndpoint: String?
        package var credentials: GoogleCredentials
        /// The file that the credentials come from, for errors.
        package var credentialsPath: String
        /// The person that a service account acts for.
        package var subject: String?
        package var requestsPerMinute: Int

        package init(
            apiEndpoint: String,
            tokenEndpoint: String?,
            credentials: GoogleCredentials,
            credentialsPath: String,
            subject: String?,
            requestsPerMinute: Int
        ) {
            self.apiEndpoint = apiEndpoint
            self.tokenEndpoint = tokenEndpoint
            self.credentials = credentials
            self.credentialsPath = credentialsPath
            self.subject = subject
            self.requestsPerMinute = requestsPerMinute
        }
    }

    package let pipeline: Pipeline
    private let scope: DriveScope
    private let api: DriveAPI
    private let fetcher: DriveFetcher
    private let deletions: DeletionGuard.Limits
    private let inbox = DriveInbox()
    private let logger: Logger

    /// - Parameters:
    ///   - pipeline: What people see of it.
    ///   - scope: What to watch.
    ///   - access: How to reach Google.
    ///   - maxFileSize: The largest file to read, in bytes.
    ///   - acknowledgesAbuse: Whether to download what Google takes for malware.
    ///   - deletions: When files that are gone are asked about.
    ///   - downloads: A directory of the pipeline's own, made when it is missing; the one above it is there.
    ///   - logger: For what a person must act upon.
    /// - Throws: When the credentials cannot be used.
    package init(
        pipeline: Pipeline,
        scope: DriveScope,
        access: Access,
        maxFileSize: Int,
        acknowledgesAbuse: Bool,
        deletions: DeletionGuard.Limits,
        downloads: String,
        logger: Logger
    ) throws(CredentialsError) {
        var logger = logger
        logger[metadataKey: "pipeline"] = "\(pipeline.id)"
        let api = try DriveAPI(access, logger: logger)
        self.pipeline = pipeline
        self.scope = scope
        self.api = api
        self.deletions = deletions
        self.fetcher = DriveFetcher(
            api: api,
            directory: DownloadDirectory(path: downloads),
            maxFileSize: maxFileSize,
            acknowledgesAbuse: acknowledgesAbuse,
            unreached: UnreachedDocuments()
        )
        self.logger = logger
    }

    package func run(
        known: [LedgerEntry],
        held: [DocumentID: HeldDeletion.State],
        into receiver: any ChangeReceiver
    ) async throws {
        do {
            var session = try await self.session(known: known, held: held, into: receiver)
            try await session.run(into: receiver)
        } catch is CancellationError {
            // The daemon stops; what was not offered is found again after the next start.
        }
    }

    package func checkOnce(
        known: [LedgerEntry],
        held: [DocumentID: HeldDeletion.State],
        into receiver: any ChangeReceiver
    ) async throws {
        var session = try await self.session(known: known, held: held, into: receiver)
        _ = try await session.pass(into: receiver)
    }

    private func session(
        known: [LedgerEntry],
        held: [DocumentID: HeldDeletion.State],
        into receiver: any ChangeReceiver
    ) async throws -> DriveSession {
        let directory = self.fetcher.directory
        try await NIOThreadPool.singleton.runIfActive { try directory.prepare() }
        return DriveSession(
            pipeline: self.pipeline,
            scope: self.scope,
            api: self.api,
            unreached: self.fetcher.unreached,
            inbox: self.inbox,
            deletions: self.deletions,
            known: known,
            held: held,
            cursor: try await receiver.cursor(),
            logger: self.logger
        )
    }

    /// A checksum or version that is the same says so, and the ending of the name, by which content is told apart.
    package func hasSameContent(_ document: SourceDocument, as previous: SourceDocument) -> Bool {
        document.fingerprint == previous.fingerprint
            && document.name.split(separator: ".").last == previous.name.split(separator: ".").last
    }

    package func apply(_ decision: HeldDecision) { self.inbox.send(decision) }

    package func requestCheck() -> Bool {
        self.inbox.requestCheck()
        return true
    }

    package func fetch(_ document: SourceDocument) async throws -> FetchedContent {
        try await self.fetcher.fetch(document)
    }

    package func release(_ content: FetchedContent) async {
        try? await NIOThreadPool.singleton.runIfActive { DownloadFile.remove(content.filePath) }
    }
}

extension DriveAPI {
    init(_ access: GoogleDriveSource.Access, logger: Logger) throws(CredentialsError) {
        let pacer = SharedPacer(requestsPerMinute: access.requestsPerMinute)
        let endpoint = try TokenEndpoint(
            credentials: access.credentials,
            path: access.credentialsPath,
            subject: access.subject,
            address: access.tokenEndpoint,
            pacer: pacer
        )
        self.connection = DriveConnection(
            endpoint: access.apiEndpoint,
            tokens: AccessTokens { try await endpoint.token() },
            pacer: pacer,
            logger: logger
        )
    }
}
