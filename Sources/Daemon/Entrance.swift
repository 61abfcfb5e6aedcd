import Web

/// How clients come in, as it was found out before anything else was opened.
struct Entrance: Sendable {
    /// Those of the service manager; none means `server.listen`.
    let sockets: [InheritedSocket]
    let access: AccessControl
    /// nil speaks plain HTTP.
    let tls: TLSIdentity?
}
