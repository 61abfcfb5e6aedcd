/// Why files could not be listed or tried again.
enum CatalogError: Error, Equatable, CustomStringConvertible {
    /// What answers at the daemon's address did not do it; `detail` is its own explanation.
    case refused(address: String, status: Int, detail: String?)

    var description: String {
        switch self {
        case .refused(let address, let status, let detail):
            "the service at \(address) refused with status \(status): \(detail ?? "it does not say why; is it corpusd?")"
        }
    }
}
