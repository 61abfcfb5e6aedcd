import AsyncHTTPClient
import Ingest
import NIOCore
import NIOHTTP1
import SystemPackage

/// Downloads a document into a file, and makes sure that it is what Drive says it has.
struct DriveFetcher: Sendable {
    /// Downloads of one document that may turn out damaged.
    private static let attempts = 3

    let api: DriveAPI
    let directory: DownloadDirectory
    /// Bytes.
    let maxFileSize: Int
    let acknowledgesAbuse: Bool
    let unreached: UnreachedDocuments
    private let trustedHosts: TrustedHosts

    init(
        api: DriveAPI,
        directory: DownloadDirectory,
        maxFileSize: Int,
        acknowledgesAbuse: Bool,
        unreached: UnreachedDocuments
    ) {
        self.api = api
        self.directory = directory
        self.maxFileSize = maxFileSize
        self.acknowledgesAbuse = acknowledgesAbuse
        self.unreached = unreached
        self.trustedHosts = TrustedHosts(endpoint: api.connection.endpoint)
    }

    func fetch(_ document: SourceDocument) async throws -> FetchedContent {
        do {
            // While Google is down, documents do not hold up the workers: the watch asks on.
            guard !self.api.connection.pacer.isOutage else { throw DriveError.unreachable("it is down just now") }
            return try await self.download(document)
        } catch let error as DriveError {
            if case .unreachable = error { self.unreached.insert(document) }
            throw error
        }
    }

    private func download(_ document: SourceDocument) async throws -> FetchedContent {
        guard let fingerprint = DriveFingerprint(document.fingerprint) else {
            throw DriveError.badFingerprint(name: document.path)
        }
        if let size = document.size, size > self.maxFileSize, case .checksum = fingerprint.content {
            throw DriveError.tooLarge(name: document.path, limit: self.maxFileSize)
        }
        let file = try DownloadFile(in: self.directory.path)
        do {
            let download = Download(
                file: file,
                id: document.id.file,
                name: document.path,
                resourceKeys: fingerprint.resourceKey.map { [document.id.file: $0] } ?? [:]
            )
            switch fingerprint.content {
            case .export(let format, _): return try await self.export(download, as: format)
            case .checksum(let md5): return try await self.binary(download, expected: .checksum(md5))
            case .version: return try await self.binary(download, expected: document.size.map { .size($0) })
            }
        } catch {
            file.remove()
            throw error
        }
    }

    /// Downloads binary content until it is what Drive says it has.
    private func binary(_ download: Download, expected: DriveContent?) async throws -> FetchedContent {
        for _ in 0..<Self.attempts {
            do {
                try await self.receive(self.contentRequest(download, acknowledgesAbuse: false), into: download)
            } catch DriveError.refused(let refusal) where refusal.kind == .abusive && self.acknowledgesAbuse {
                try await self.receive(self.contentRequest(download, acknowledgesAbuse: true), into: download)
            }
            let content = try await download.content(extension: nil)
            guard let expected, !content.matches(expected) else { return content.fetched }
            // Either it is damaged, or a newer version than the one that was listed.
            let file = try await self.api.file(download.id, resourceKeys: download.resourceKeys)
            if let newer = DriveContent(file), content.matches(newer) { return content.fetched }
            try await download.file.restart()
        }
        throw DriveError.damaged(name: download.name)
    }

    private func contentRequest(_ download: Download, acknowledgesAbuse: Bool) -> DriveRequest {
        var request = DriveRequest.content(of: download.id, acknowledgesAbuse: acknowledgesAbuse)
        request.resourceKeys = download.resourceKeys
        return request
    }

    private func export(_ download: Download, as format: ExportFormat) async throws -> FetchedContent {
        var request = DriveRequest.export(download.id, as: format.mediaType)
        request.resourceKeys = download.resourceKeys
        do {
            try await self.receive(request, into: download)
        } catch DriveError.refused(let refusal) where refusal.kind == .exportTooLarge {
            try await self.exportLarge(download, as: format)
        } catch DriveError.refused(let refusal) where refusal.status == 400 {
            throw DriveError.notExported(name: download.name, reason: refusal.reason)
        }
        return try await download.content(extension: format.fileExtension).fetched
    }

    /// Fetches an export of more than 10 MB, which Drive prepares first.
    private func exportLarge(_ download: Download, as format: ExportFormat) async throws {
        let preparation = try await self.api.prepareDownload(
            download.id,
            as: format.mediaType,
            resourceKeys: download.resourceKeys
        )
        let address: String
        switch preparation {
        case .ready(let ready): address = ready
        case .unfinished: throw DriveError.notPrepared(name: download.name)
        case .failed(let code):
            throw DriveError.notExported(name: download.name, reason: code.map { "error \($0)" })
        }
        guard self.trustedHosts.contain(address) else {
            throw DriveError.foreignAddress(name: download.name, host: TrustedHosts.host(of: address))
        }
        var request = DriveRequest("download")
        request.isDownload = true
        request.resourceKeys = download.resourceKeys
        try await self.receive(request, at: address, into: download)
    }

    /// Streams an answer into the file; what breaks off goes on where it ended.
    private func receive(_ request: DriveRequest, at address: String? = nil, into download: Download) async throws {
        let connection = self.api.connection
        do {
            let offset = { download.file.count }
            try await connection.send(to: address, request, from: offset) { response in
                // An answer without a range is all of it again.
                if response.status != .partialContent { try await download.file.restart() }
                for try await part in response.body {
                    guard download.file.count + part.readableBytes <= self.maxFileSize else {
                        throw DriveError.tooLarge(name: download.name, limit: self.maxFileSize)
                    }
                    try await download.file.append(part)
                }
            }
        } catch DriveError.refused(let refusal) {
            switch refusal.kind {
            case .notFound: throw DriveError.notFound(name: download.name)
            case .abusive where !self.acknowledgesAbuse: throw DriveError.abusive(name: download.name)
            case .permanent where refusal.status == 416 && download.file.count > 0:
                // It broke off at its very end, or has become shorter.
                try await download.file.restart()
                try await self.receive(request, at: address, into: download)
            default: throw DriveError.refused(refusal)
            }
        }
    }
}

/// One download: what of, and where to.
private struct Download {
    let file: DownloadFile
    let id: String
    /// The document's path, for errors.
    let name: String
    let resourceKeys: [String: String]

    func content(extension: String?) async throws -> DownloadedContent {
        let (sha256, md5) = try await self.file.finish()
        let fetched = FetchedContent(
            filePath: self.file.path,
            contentHash: sha256,
            size: self.file.count,
            isTemporary: true,
            fileExtension: `extension`
        )
        return DownloadedContent(fetched: fetched, md5: md5)
    }
}

/// What has arrived.
private struct DownloadedContent {
    let fetched: FetchedContent
    /// 32 hexadecimal digits.
    let md5: String

    func matches(_ content: DriveContent) -> Bool {
        switch content {
        case .checksum(let md5): self.md5 == md5
        case .size(let size): self.fetched.size == size
        }
    }
}

/// What Drive says of binary content: its checksum, or at least how many bytes it has.
private enum DriveContent {
    case checksum(String)
    case size(Int)

    /// Nil where it says nothing.
    init?(_ file: DriveFile) {
        if let md5 = file.md5Checksum {
            self = .checksum(md5)
        } else if let size = file.size {
            self = .size(size)
        } else {
            return nil
        }
    }
}
