import Ingest
package import SystemPackage

/// Why something could not be had from Google Drive.
///
/// Says what was asked for by the ids that Drive's own addresses show, never by tokens or answers.
package enum DriveError: DocumentError, Equatable {
    /// Google does not answer, or answers that it cannot now; several attempts were made.
    case unreachable(String)
    /// An answer that is no answer to the request.
    case unreadableAnswer(String)
    case refused(DriveRefusal)
    case notFound(name: String)
    /// `size` and `limit` in bytes.
    case tooLarge(name: String, limit: Int)
    case abusive(name: String)
    /// Google has no export of this file in the format that is configured.
    case notExported(name: String, reason: String?)
    /// Google did not get an export ready in time.
    case notPrepared(name: String)
    /// An export is to be had from a host that the account's token is not meant for.
    case foreignAddress(name: String, host: String?)
    /// What arrived is not what Drive has, several times.
    case damaged(name: String)
    case noTemporaryFile(directory: String, code: Errno)
    /// The ledger's entry was not written by this source.
    case badFingerprint(name: String)

    package var typeName: String {
        switch self {
        case .unreachable: "DriveUnavailable"
        case .unreadableAnswer: "DriveAnswerUnreadable"
        case .refused: "DriveRefused"
        case .notFound: "FileVanished"
        case .tooLarge: "FileTooLarge"
        case .abusive: "FileAbusive"
        case .notExported, .notPrepared, .foreignAddress: "ExportFailed"
        case .damaged: "DownloadDamaged"
        case .noTemporaryFile: "TemporaryCopyFailed"
        case .badFingerprint: "BadFingerprint"
        }
    }

    package var isTransient: Bool {
        switch self {
        case .unreachable, .unreadableAnswer, .notPrepared, .damaged, .noTemporaryFile: true
        case .refused(let refusal): refusal.isTransient || refusal.kind == .unauthorized
        case .notFound, .tooLarge, .abusive, .notExported, .foreignAddress, .badFingerprint: false
        }
    }

    /// The network and the room on the disk are no fault of a document.
    package var concernsDocument: Bool {
        switch self {
        case .unreachable, .noTemporaryFile: false
        default: true
        }
    }

    package var description: String {
        switch self {
        case .unreachable(let reason):
            "cannot reach Google Drive: \(reason); it is tried again, check the network if it lasts"
        case .unreadableAnswer(let request):
            "cannot read Google Drive's answer to '\(request)': it is no answer of the Drive API; check 'api_endpoint' "
                + "and proxies in between"
        case .refused(let refusal):
            "Google Drive refuses the request: status \(refusal.status)"
                + (refusal.reason.map { ", '\($0)'" } ?? "")
                + "; check that the Drive API is enabled and what the account may see"
        case .notFound(let name):
            "cannot read '\(name)': the account does not see it any more; nothing to do if it was meant to go"
        case .tooLarge(let name, let limit):
            "cannot read '\(name)': it is larger than the limit of \(limit) bytes; raise 'max_file_size' or exclude it"
        case .abusive(let name):
            "cannot read '\(name)': Google takes it for malware or spam; remove it, or set 'acknowledge_abuse: true' "
                + "if the account owns it"
        case .notExported(let name, let reason):
            "cannot read '\(name)': Google does not export it in the format of 'export'"
                + (reason.map { " ('\($0)')" } ?? "") + "; choose another format or exclude it"
        case .notPrepared(let name):
            "cannot read '\(name)': it is too large for a plain export, and Google has not prepared it within "
                + "\(PreparationWait.longest.components.seconds / 60) minutes; it is tried again"
        case .foreignAddress(let name, let host):
            "cannot read '\(name)': Google's answer leads to "
                + (host.map { "'\($0)'" } ?? "an address without a host")
                + ", which is neither Google's nor 'api_endpoint' and gets no token; check 'api_endpoint' and proxies "
                + "in between"
        case .damaged(let name):
            "cannot read '\(name)': what arrives is not what Google Drive says it has; it is tried again"
        case .noTemporaryFile(let directory, let code):
            "cannot write a download into '\(directory)': \(code.description.lowercased()); make room there"
        case .badFingerprint(let name):
            "cannot read '\(name)': its ledger entry has another form than expected; the next full check offers it anew"
        }
    }
}
