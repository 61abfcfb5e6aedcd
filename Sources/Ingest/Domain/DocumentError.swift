/// An error that concerns one document and that a person may read on the status page.
///
/// `description` says what failed, why, and what to do; it never contains document text or secrets.
package protocol DocumentError: Error, CustomStringConvertible, Sendable {
    /// A stable name for programs, in upper camel case: `EncryptedDocument`.
    var typeName: String { get }
    /// Whether trying again later can help without a person acting first.
    var isTransient: Bool { get }
    /// Whether the cause may be in the document; if not, attempts are not counted against it.
    ///
    /// Default true.
    var concernsDocument: Bool { get }
    /// Whether the document is tried again, at growing intervals, until its source has it back or tells that it is gone.
    ///
    /// Default false.
    var waitsForSource: Bool { get }
    /// Whether it is news only once: an attempt that ends the same way again is not reported.
    ///
    /// Default false.
    var isReportedOnce: Bool { get }
}

extension DocumentError {
    package var concernsDocument: Bool { true }
    package var waitsForSource: Bool { false }
    package var isReportedOnce: Bool { false }
}

/// Why a document did not get through, as kept in the ledger and shown on the page.
package struct DocumentFailure: Hashable, Sendable, Codable {
    /// `DocumentError.typeName`, or `UnexpectedError`.
    package var type: String
    /// The type of every failure that says that a service does not take the credentials: a person must help.
    package static let credentialsRefused = "CredentialsRefused"
    package var message: String
    package var stage: Stage
    package var isRetryable: Bool

    package init(type: String, message: String, stage: Stage, isRetryable: Bool) {
        self.type = type
        self.message = message
        self.stage = stage
        self.isRetryable = isRetryable
    }

    /// Whether the content killed what was to extract it, so that it must not be tried again unasked.
    ///
    /// It crashed, took too long or too much memory, or grew beyond measure.
    package var isHarmful: Bool {
        let types = ["ParserCrashed", "TimeLimitExceeded", "ExpandsTooMuch"]
        return self.stage == .extraction && !self.isRetryable && types.contains(self.type)
    }

    /// Classifies whatever a stage threw; an error nobody foresaw is worth another try.
    package init(_ error: any Error, stage: Stage) {
        if let error = error as? any DocumentError {
            self.init(
                type: error.typeName,
                message: error.description,
                stage: stage,
                isRetryable: error.isTransient
            )
        } else {
            self.init(
                type: "UnexpectedError",
                message: "\(stage.rawValue) failed unexpectedly with \(Swift.type(of: error)); the log has more",
                stage: stage,
                isRetryable: true
            )
        }
    }
}
