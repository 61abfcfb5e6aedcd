/// The steps a document goes through, in order; the raw values are wire format.
package enum Stage: String, Sendable, Codable, CaseIterable {
    case extraction
    case chunking
    case embedding
    case storing
}
