import CYAML

extension YAMLEvent {
    /// Copies an event; the caller still owns the C memory and deletes it.
    init(copying event: borrowing yaml_event_t) {
        self.mark = Mark(event.start_mark)
        switch event.type {
        case YAML_STREAM_START_EVENT: self.kind = .streamStart
        case YAML_DOCUMENT_START_EVENT: self.kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: self.kind = .documentEnd
        case YAML_SEQUENCE_END_EVENT: self.kind = .listEnd
        case YAML_MAPPING_END_EVENT: self.kind = .mappingEnd
        case YAML_ALIAS_EVENT:
            self.kind = .alias(Self.text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            self.kind = .scalar(
                String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE
            )
            self.anchor = Self.text(scalar.anchor)
            self.tag = Self.text(scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            self.kind = .listStart
            self.anchor = Self.text(event.data.sequence_start.anchor)
            self.tag = Self.text(event.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT:
            self.kind = .mappingStart
            self.anchor = Self.text(event.data.mapping_start.anchor)
            self.tag = Self.text(event.data.mapping_start.tag)
        // libyaml answers every call after the end of the stream with 'no event'.
        default: self.kind = .streamEnd
        }
    }

    private static func text(_ bytes: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        bytes.map { String(cString: $0) }
    }
}

extension Mark {
    /// libyaml counts from 0.
    init(_ mark: yaml_mark_t) {
        self.init(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
    }
}
