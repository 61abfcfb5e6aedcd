import CLibXML2

/// libxml2's XML parser as a push parser: bytes go in, events come out.
///
/// Runs in the extraction child only. It loads nothing from elsewhere and defines no entity: a document that brings its
/// own, as those do that are made to grow without bounds, is damaged.
final class XMLStreamParser {
    private let events: Events
    private let context: xmlParserCtxtPtr
    private let recovers: Bool

    /// - Parameters:
    ///   - handler: Gets the events.
    ///   - recovers: Whether what is not well-formed is passed over.
    /// - Throws: `.outOfMemory`.
    init(_ handler: any XMLEventHandler, recovers: Bool = false) throws(PackageError) {
        self.events = Events(handler)
        var sax = Events.handler
        let target = Unmanaged.passUnretained(self.events).toOpaque()
        guard let context = xmlCreatePushParserCtxt(&sax, target, nil, 0, nil) else { throw .outOfMemory }
        self.context = context
        var options = [XML_PARSE_NONET, XML_PARSE_NOERROR, XML_PARSE_NOWARNING]
        if recovers { options.append(XML_PARSE_RECOVER) }
        xmlCtxtUseOptions(context, CInt(options.reduce(0) { $0 | $1.rawValue }))
        xmlSetStructuredErrorFunc(nil) { _, _ in }
        self.recovers = recovers
    }

    deinit { xmlFreeParserCtxt(self.context) }

    /// Parses more of the document.
    func feed(_ bytes: UnsafeRawBufferPointer) throws(PackageError) {
        try self.parse(bytes.baseAddress, count: bytes.count, isLast: false)
    }

    /// The document ends.
    func finish() throws(PackageError) {
        try self.parse(nil, count: 0, isLast: true)
    }

    private func parse(_ bytes: UnsafeRawPointer?, count: Int, isLast: Bool) throws(PackageError) {
        let status = xmlParseChunk(
            self.context,
            bytes?.assumingMemoryBound(to: CChar.self),
            CInt(clamping: count),
            isLast ? 1 : 0
        )
        if status == CInt(XML_ERR_NO_MEMORY.rawValue) { throw .outOfMemory }
        guard self.recovers || self.context.pointee.wellFormed != 0 else { throw .damaged }
    }
}

extension XMLStreamParser {
    /// Receives the parser's callbacks; the parser holds it as long as libxml2 has its address.
    private final class Events {
        private let handler: any XMLEventHandler

        init(_ handler: any XMLEventHandler) { self.handler = handler }

        private static func from(_ context: UnsafeMutableRawPointer?) -> (any XMLEventHandler)? {
            context.map { Unmanaged<Events>.fromOpaque($0).takeUnretainedValue().handler }
        }

        static var handler: xmlSAXHandler {
            var handler = xmlSAXHandler()
            handler.initialized = XML_SAX2_MAGIC
            handler.startElementNs = { context, name, _, _, _, _, count, _, attributes in
                guard let name else { return }
                let attributes = XMLAttributes(attributes, count: Int(count))
                Events.from(context)?.start(String(cString: name), attributes)
            }
            handler.endElementNs = { context, name, _, _ in
                guard let name else { return }
                Events.from(context)?.end(String(cString: name))
            }
            handler.characters = { context, bytes, count in
                Events.from(context)?.text(UnsafeBufferPointer(start: bytes, count: max(0, Int(count))))
            }
            handler.ignorableWhitespace = handler.characters
            handler.cdataBlock = handler.characters
            return handler
        }
    }
}
