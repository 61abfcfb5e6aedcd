/// One step of libyaml through a text, copied out of C memory.
struct YAMLEvent {
    enum Kind: Equatable {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(String, isPlain: Bool)
        case listStart
        case listEnd
        case mappingStart
        case mappingEnd
    }

    let kind: Kind
    let mark: Mark
    /// `&name` before a node.
    var anchor: String?
    /// `!name` before a node, with its handle resolved.
    var tag: String?
}
