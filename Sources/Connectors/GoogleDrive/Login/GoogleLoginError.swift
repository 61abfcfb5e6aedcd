/// Why a login did not lead to a token file; the person at the terminal can act on each.
package enum GoogleLoginError: Error, Equatable, CustomStringConvertible {
    case unreadableClient(path: String, reason: String)
    case noClient(path: String)
    case noAnswer
    /// Google's word for it, such as `access_denied`.
    case denied(reason: String)
    case noRefreshToken
    case unreachable(reason: String)
    case unwritable(path: String, reason: String)

    package var description: String {
        switch self {
        case .unreadableClient(let path, let reason):
            "cannot read the OAuth client '\(path)': \(reason); check '--client'"
        case .noClient(let path):
            "cannot use '\(path)': it is no OAuth client of the type 'Desktop app'; create one in the Google Cloud "
                + "console and download its JSON file"
        case .noAnswer:
            "cannot log in: the browser did not come back; run the command again"
        case .denied(let reason):
            "cannot log in: Google answers '\(reason)'; consent in the browser, with an account that may use the client"
        case .noRefreshToken:
            "cannot log in: Google gave no refresh token; remove corpusd's access at "
                + "'https://myaccount.google.com/permissions' and run the command again"
        case .unreachable(let reason):
            "cannot reach Google: \(reason); check the network and run the command again"
        case .unwritable(let path, let reason):
            "cannot write '\(path)': \(reason); check '--output'"
        }
    }
}
