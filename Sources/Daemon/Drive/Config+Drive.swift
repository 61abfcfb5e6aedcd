import Config
import Connectors
import Ingest
import Logging

extension Config {
    /// - Parameters:
    ///   - pipeline: Which.
    ///   - drive: What is said of its Drive.
    ///   - downloads: The name of the directory beside the database for what is being read; no other process uses it.
    ///   - logger: For what a person must act upon.
    /// - Returns: The source, which has asked nothing yet.
    /// - Throws: `CredentialsError` when the credentials cannot be read or used; `GlobError` for a pattern that is none.
    func googleDriveSource(
        _ pipeline: Config.Pipeline,
        _ drive: Config.Pipeline.GoogleDrive,
        downloads: String,
        logger: Logger
    ) throws -> any Source {
        try GoogleDriveSource(
            pipeline: drive.pipeline(of: pipeline),
            scope: try drive.scope(of: pipeline),
            access: try drive.access(),
            maxFileSize: pipeline.maxFileSize,
            acknowledgesAbuse: drive.acknowledgesAbuse,
            deletions: DeletionGuard.Limits(
                share: pipeline.deletion.holdAbove,
                files: pipeline.deletion.holdAboveFiles
            ),
            downloads: "\(self.store.path).\(pipeline.id).\(downloads)",
            logger: logger
        )
    }
}

extension Config.Pipeline.GoogleDrive {
    func pipeline(of pipeline: Config.Pipeline) -> Ingest.Pipeline {
        Ingest.Pipeline(
            id: PipelineID(pipeline.id),
            type: .googleDrive,
            checkInterval: pipeline.checkInterval,
            watchLocation: self.folderID ?? "root"
        )
    }

    func scope(of pipeline: Config.Pipeline) throws -> DriveScope {
        let drives: DriveScope.SharedDrives =
            switch self.sharedDrives {
            case .all: .all
            case .listed(let ids): ids.isEmpty ? .none : .listed(ids)
            }
        return try DriveScope(
            folderID: self.folderID,
            sharedDrives: drives,
            include: pipeline.include,
            exclude: pipeline.exclude,
            exports: ExportFormats(
                documents: ExportFormat(rawValue: self.documents.rawValue),
                spreadsheets: ExportFormat(rawValue: self.spreadsheets.rawValue),
                presentations: ExportFormat(rawValue: self.presentations.rawValue)
            )
        )
    }

    /// Reads the credentials; blocks.
    func access() throws(CredentialsError) -> GoogleDriveSource.Access {
        GoogleDriveSource.Access(
            apiEndpoint: self.apiEndpoint,
            tokenEndpoint: self.tokenEndpoint,
            credentials: try GoogleCredentials(path: self.credentials),
            credentialsPath: self.credentials,
            subject: self.subject,
            requestsPerMinute: self.requestsPerMinute
        )
    }
}
