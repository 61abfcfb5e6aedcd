import CLibXML2

/// libxml2's HTML parser as a push parser: bytes go in, blocks come out as they are complete.
///
/// Runs in the extraction child only; hostile pages crash it or keep it busy for hours. Silent about errors in the
/// page: browsers are, too.
final class HTMLParser {
    /// Why the parser cannot go on.
    enum Failure: Error {
        case outOfMemory
    }

    /// Attributes of an element that are looked at.
    fileprivate static let attributeLimit = 64

    private let events: Events
    private let context: htmlParserCtxtPtr

    /// - Parameter emit: Takes each title and block, in reading order.
    /// - Throws: `.outOfMemory`.
    init(emit: @escaping (HTMLBlockBuilder.Output) -> Void) throws(Failure) {
        self.events = Events(emit: emit)
        var handler = Events.handler
        let target = Unmanaged.passUnretained(self.events).toOpaque()
        guard let context = htmlCreatePushParserCtxt(&handler, target, nil, 0, nil, XML_CHAR_ENCODING_UTF8) else {
            throw .outOfMemory
        }
        self.context = context
        let options = [
            HTML_PARSE_RECOVER, HTML_PARSE_NOERROR, HTML_PARSE_NOWARNING, HTML_PARSE_NONET, HTML_PARSE_IGNORE_ENC,
        ]
        htmlCtxtUseOptions(context, CInt(options.reduce(0) { $0 | $1.rawValue }))
        xmlSwitchEncoding(context, XML_CHAR_ENCODING_UTF8)
        xmlSetStructuredErrorFunc(nil) { _, _ in }
        // With a body of its own open, the parser does not take the end of the page's for the end of all text.
        try self.feed(Array("<html><body>".utf8))
    }

    deinit { htmlFreeParserCtxt(self.context) }

    /// Parses more of the page.
    ///
    /// - Parameter bytes: Valid UTF-8 without a byte order mark, at most 2 GB.
    /// - Throws: `.outOfMemory`.
    func feed(_ bytes: [UInt8]) throws(Failure) {
        let status = bytes.withUnsafeBytes { bytes in
            htmlParseChunk(self.context, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), CInt(bytes.count), 0)
        }
        if status == CInt(XML_ERR_NO_MEMORY.rawValue) { throw .outOfMemory }
    }

    /// The page ends.
    func finish() throws(Failure) {
        if htmlParseChunk(self.context, nil, 0, 1) == CInt(XML_ERR_NO_MEMORY.rawValue) { throw .outOfMemory }
        self.events.finish()
    }
}

extension HTMLParser {
    /// Receives the parser's callbacks; the parser holds it as long as libxml2 has its address.
    private final class Events {
        private var builder = HTMLBlockBuilder()
        private let emit: (HTMLBlockBuilder.Output) -> Void

        init(emit: @escaping (HTMLBlockBuilder.Output) -> Void) { self.emit = emit }

        func finish() { self.builder.finish(emit: self.emit) }

        private static func from(_ context: UnsafeMutableRawPointer?) -> Events? {
            context.map { Unmanaged<Events>.fromOpaque($0).takeUnretainedValue() }
        }

        static var handler: htmlSAXHandler {
            var handler = htmlSAXHandler()
            handler.startElement = { context, name, attributes in
                guard let events = Events.from(context), let name else { return }
                let isHidden = Events.isHidden(attributes)
                events.builder.start(String(cString: name), isHidden: isHidden, emit: events.emit)
            }
            handler.endElement = { context, name in
                guard let events = Events.from(context), let name else { return }
                events.builder.end(String(cString: name), emit: events.emit)
            }
            handler.characters = { context, bytes, count in
                guard let events = Events.from(context), count > 0 else { return }
                events.builder.text(UnsafeBufferPointer(start: bytes, count: Int(count)), emit: events.emit)
            }
            handler.ignorableWhitespace = handler.characters
            return handler
        }

        /// Whether the attributes, pairs of name and value up to a null, hide an element or make it navigation.
        private static func isHidden(_ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?) -> Bool {
            guard let attributes else { return false }
            for index in 0..<HTMLParser.attributeLimit {
                guard let name = attributes[2 * index] else { return false }
                let value = attributes[2 * index + 1].map { String(cString: $0) }
                switch String(cString: name) {
                case "hidden": return value != "until-found"
                case "aria-hidden": if value == "true" { return true }
                case "role": if value == "navigation" || value == "search" || value == "menu" { return true }
                default: break
                }
            }
            return false
        }
    }
}
