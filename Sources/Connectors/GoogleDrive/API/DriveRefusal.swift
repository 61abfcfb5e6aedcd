import FoundationEssentials

/// An answer of Google that is not the one that was asked for, and what is to be done about it.
package struct DriveRefusal: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// Google asks for fewer requests; the same request succeeds later.
        case tooManyRequests
        /// Google has a problem of its own.
        case serverError
        /// The access token is not taken.
        case unauthorized
        case notFound
        /// The content is larger than an export may be.
        case exportTooLarge
        /// The content is taken for malware; its owner may still get it.
        case abusive
        /// Nothing that comes back by itself.
        case permanent
    }

    package var kind: Kind
    /// The HTTP status.
    package var status: Int
    /// Google's word for it, such as `cannotDownloadFile`; letters, digits, `_` and `.` only.
    package var reason: String?

    package init(kind: Kind, status: Int, reason: String? = nil) {
        self.kind = kind
        self.status = status
        self.reason = reason
    }

    /// Reads an answer whose status is not a success.
    ///
    /// - Parameters:
    ///   - status: The HTTP status.
    ///   - body: The first bytes of the answer; JSON if it is Google that answers.
    package init(status: Int, body: some Sequence<UInt8>) {
        let error = try? JSONDecoder().decode(ErrorBody.self, from: Data(body))
        let reason = error?.reason.flatMap(Self.word)
        self.init(kind: Self.kind(status: status, reason: reason), status: status, reason: reason)
    }

    /// Whether the same request may succeed later.
    package var isTransient: Bool { self.kind == .tooManyRequests || self.kind == .serverError }

    private static func kind(status: Int, reason: String?) -> Kind {
        switch (status, reason) {
        case (429, _), (403, "rateLimitExceeded"), (403, "userRateLimitExceeded"): .tooManyRequests
        case (403, "exportSizeLimitExceeded"): .exportTooLarge
        case (403, "cannotDownloadAbusiveFile"): .abusive
        case (401, _): .unauthorized
        case (404, _): .notFound
        case (408, _), (500..., _): .serverError
        default: .permanent
        }
    }

    /// Whatever the peer sent, an error shows a word.
    private static func word(_ text: String) -> String? {
        let isWord = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isWord && (1...64).contains(text.utf8.count) ? text : nil
    }
}

/// The errors of Google's APIs: `{"error": {"errors": [{"reason": …}], "status": …}}`, of OAuth: `{"error": "…"}`.
private struct ErrorBody: Decodable {
    private struct Detail: Decodable {
        var errors: [Item]?
        var status: String?
    }

    private struct Item: Decodable {
        var reason: String?
    }

    private enum CodingKeys: String, CodingKey { case error }

    var reason: String?

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if let word = try? values.decode(String.self, forKey: .error) {
            self.reason = word
        } else {
            let detail = try values.decode(Detail.self, forKey: .error)
            self.reason = detail.errors?.first?.reason ?? detail.status
        }
    }
}
