import CLibXML2
import Ingest

/// libxml2's XML parser as a push parser: bytes go in, blocks come out as they are complete.
///
/// Runs in the extraction child only. Entities are not expanded and nothing else is loaded, so a small file stays small.
/// An element with text becomes a line `name: text`, those of one parent stand together; text with elements inside is a
/// paragraph.
final class XMLText {
    private let events: Events
    private let context: xmlParserCtxtPtr

    /// - Parameter output: Receives the blocks.
    /// - Throws: `ChildExitCode.outOfMemory`.
    init(output: FrameWriter) throws {
        self.events = Events(output: output)
        var handler = Events.handler
        let target = Unmanaged.passUnretained(self.events).toOpaque()
        guard let context = xmlCreatePushParserCtxt(&handler, target, nil, 0, nil) else {
            throw ChildExitCode.outOfMemory
        }
        self.context = context
        let options = [XML_PARSE_RECOVER, XML_PARSE_NOERROR, XML_PARSE_NOWARNING, XML_PARSE_NONET]
        xmlCtxtUseOptions(context, CInt(options.reduce(0) { $0 | $1.rawValue }))
        xmlSetStructuredErrorFunc(nil) { _, _ in }
    }

    deinit { xmlFreeParserCtxt(self.context) }

    static func parse(_ path: String, to output: FrameWriter) throws {
        let file = try InputFile(path)
        let parser = try XMLText(output: output)
        while case let chunk = try file.nextChunk(), !chunk.isEmpty { try parser.feed(chunk) }
        try parser.finish()
    }

    private func feed(_ bytes: [UInt8]) throws {
        let status = bytes.withUnsafeBytes { bytes in
            xmlParseChunk(self.context, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), CInt(bytes.count), 0)
        }
        if status == CInt(XML_ERR_NO_MEMORY.rawValue) { throw ChildExitCode.outOfMemory }
    }

    /// - Throws: `.damaged` where the parser gave up, or found no element at all.
    private func finish() throws {
        xmlParseChunk(self.context, nil, 0, 1)
        self.events.builder.finish()
        guard self.events.builder.hasElements, self.context.pointee.disableSAX == 0 else { throw ChildExitCode.damaged }
    }
}

extension XMLText {
    /// Receives the parser's callbacks; the parser holds it as long as libxml2 has its address.
    private final class Events {
        /// Attributes of an element that are looked at.
        private static let attributeLimit = 64

        var builder: XMLBlockBuilder

        init(output: FrameWriter) { self.builder = XMLBlockBuilder(output: output) }

        private static func from(_ context: UnsafeMutableRawPointer?) -> Events? {
            context.map { Unmanaged<Events>.fromOpaque($0).takeUnretainedValue() }
        }

        static var handler: xmlSAXHandler {
            var handler = xmlSAXHandler()
            handler.startElement = { context, name, attributes in
                guard let events = Events.from(context), let name else { return }
                events.builder.start(String(cString: name), attributes: Events.pairs(attributes))
            }
            handler.endElement = { context, _ in Events.from(context)?.builder.end() }
            handler.characters = { context, bytes, count in
                guard let events = Events.from(context), count > 0 else { return }
                events.builder.text(UnsafeBufferPointer(start: bytes, count: Int(count)))
            }
            handler.ignorableWhitespace = handler.characters
            handler.cdataBlock = handler.characters
            return handler
        }

        private static func pairs(
            _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
        ) -> [(name: String, value: String)] {
            guard let attributes else { return [] }
            var pairs: [(String, String)] = []
            for index in 0..<self.attributeLimit {
                guard let name = attributes[2 * index] else { break }
                pairs.append((String(cString: name), attributes[2 * index + 1].map { String(cString: $0) } ?? ""))
            }
            return pairs
        }
    }
}
