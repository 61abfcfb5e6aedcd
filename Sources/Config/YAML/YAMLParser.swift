import CYAML

/// libyaml's parser with all of its memory: the C state, and the text that the state points into.
///
/// Both live exactly as long as this value. Nothing that `next` returns points into them.
struct YAMLParser: ~Copyable {
    /// At a fixed address, because libyaml keeps a pointer from the state to itself.
    private let state: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeMutableBufferPointer<UInt8>

    /// Prepares to read a text.
    ///
    /// - Parameter text: UTF-8, with or without a byte order mark; anything else is found by `next`.
    /// - Throws: Only when there is no memory.
    init(_ text: [UInt8]) throws(YAMLError) {
        let state = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        guard yaml_parser_initialize(state) != 0 else {
            state.deallocate()
            throw YAMLError(message: "not enough memory to read the file", mark: .start)
        }
        let body = text.starts(with: [0xEF, 0xBB, 0xBF]) ? text.dropFirst(3) : text[...]
        // One byte more than needed: libyaml asserts that even an empty text has an address.
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: body.count + 1)
        copy.initialize(repeating: 0)
        _ = copy.update(fromContentsOf: body)
        yaml_parser_set_input_string(state, copy.baseAddress, body.count)
        yaml_parser_set_encoding(state, YAML_UTF8_ENCODING)
        self.state = state
        self.text = copy
    }

    deinit {
        yaml_parser_delete(self.state)
        self.state.deallocate()
        self.text.deallocate()
    }

    /// The next event; `.streamEnd` is the last and comes again however often it is asked for.
    mutating func next() throws(YAMLError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(self.state, &event) != 0 else { throw self.failure() }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(copying: event)
    }

    /// What libyaml says about the text it stopped at, with a hint for the common slips.
    private borrowing func failure() -> YAMLError {
        let parser = self.state.pointee
        guard let problem = parser.problem.map({ String(cString: $0) }) else {
            return YAMLError(message: "not enough memory to read the file", mark: .start)
        }
        guard parser.error != YAML_READER_ERROR else {
            let text = Array(self.text.dropLast())
            let mark = Mark(ofByte: min(parser.problem_offset, text.count), in: text)
            return YAMLError(message: "\(problem): save the file as UTF-8 text", mark: mark)
        }
        let mark = Mark(parser.problem_mark)
        let context = parser.context.map { String(cString: $0) }
        let contextMark = Mark(parser.context_mark)
        if context == "while scanning an alias" || context == "while scanning an anchor" {
            return YAMLError(
                message: "\(problem) \(context ?? ""): quote a text that begins with '*' or '&'", mark: contextMark
            )
        }
        var message = problem
        if let context { message += " \(context)" }
        if context != nil, contextMark != mark { message += " that begins at \(contextMark.prose)" }
        if let hint = self.hint(for: problem, atScalar: parser.problem_mark.index) { message += ": \(hint)" }
        return YAMLError(message: message, mark: mark)
    }

    private borrowing func hint(for problem: String, atScalar index: Int) -> String? {
        let scalars = String(decoding: self.text.dropLast(), as: UTF8.self).unicodeScalars
        switch scalars.dropFirst(index).first {
        case "\t": return "indent with spaces, not tabs"
        case "@", "`": return "quote a text that begins with this character"
        case "%" where problem == "found character that cannot start any token":
            return "quote a text that begins with this character"
        default: return nil
        }
    }
}
