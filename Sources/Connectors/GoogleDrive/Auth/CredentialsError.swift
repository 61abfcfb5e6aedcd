import Ingest

/// Why the credentials of a Drive pipeline cannot be used; nothing but a person mends it.
package enum CredentialsError: DocumentError, Equatable {
    case unreadable(path: String, reason: String)
    /// Not the JSON that it should be.
    case malformed(path: String)
    case unknownType(path: String, type: String?)
    case badKey(path: String)
    /// `subject` makes sense for a service account only.
    case subjectWithoutServiceAccount(path: String)
    /// Google does not take them any more; `reason` is its word for it.
    case refused(path: String, account: String, reason: String)

    package var typeName: String { "CredentialsRefused" }
    /// A document that could not be fetched for this is fetched when a person has helped.
    package var isTransient: Bool { true }
    package var concernsDocument: Bool { false }

    package var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "cannot read the credentials '\(path)': \(reason); check 'credentials' and who may read the file"
        case .malformed(let path):
            "cannot use the credentials '\(path)': it is no key file of Google Cloud and no token file; "
                + "download the key anew, or run 'corpusd google-login'"
        case .unknownType(let path, nil):
            "cannot use the credentials '\(path)': it has no 'type'; a service account's key file or the file that "
                + "'corpusd google-login' writes is needed"
        case .unknownType(let path, let type?):
            "cannot use the credentials '\(path)': its type is '\(type)'; 'service_account' or 'authorized_user' is "
                + "needed: download a service account's key, or run 'corpusd google-login'"
        case .badKey(let path):
            "cannot sign with the credentials '\(path)': 'private_key' is no RSA key in PEM; download the key anew"
        case .subjectWithoutServiceAccount(let path):
            "cannot act for another person with '\(path)': only a service account may; remove 'subject'"
        case .refused(let path, let account, let reason):
            "cannot log in as '\(account)' with '\(path)': Google answers '\(reason)'; "
                + (account.contains("@")
                    ? "make a new key for the service account, check its delegation and the clock of this machine"
                    : "run 'corpusd google-login' again")
        }
    }
}
