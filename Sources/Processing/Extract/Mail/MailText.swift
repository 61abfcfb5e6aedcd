import CGMime
import Ingest

/// Reads a message by GMime and writes its headers, its text and the list of what is attached.
///
/// Runs in the extraction child only. Of alternatives the plain text is taken, else HTML; forwarded messages are read,
/// too, a few levels deep.
struct MailText {
    /// Messages within messages, and parts within parts.
    private static let deepest = 16
    /// The most attachments that are listed.
    private static let attachmentLimit = 1_000

    private let output: FrameWriter
    private var attachments: [String] = []

    static func parse(_ path: String, to output: FrameWriter) throws {
        let file = try InputFile(path)
        var bytes: [UInt8] = []
        while case let chunk = try file.nextChunk(), !chunk.isEmpty { bytes += chunk }
        g_mime_init()
        try bytes.withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            let stream = g_mime_stream_mem_new_with_buffer(start, bytes.count)
            let parser = g_mime_parser_new_with_stream(stream)
            guard let message = g_mime_parser_construct_message(parser, nil) else { throw ChildExitCode.damaged }
            var text = MailText(output: output)
            try text.append(message, depth: 0)
            text.appendAttachments()
        }
    }

    private init(output: FrameWriter) { self.output = output }

    private mutating func append(_ message: UnsafeMutablePointer<GMimeMessage>, depth: Int) throws {
        let subject = Self.string(g_mime_message_get_subject(message))
        if !subject.isEmpty {
            if depth == 0 { self.output.append(BlockFrame.title(subject)) }
            self.output.append(BlockFrame.block(.heading(level: min(depth + 1, 6)), subject))
        }
        var lines: [String] = []
        for (name, list) in [
            ("From", g_mime_message_get_from(message)), ("To", g_mime_message_get_to(message)),
            ("Cc", g_mime_message_get_cc(message)),
        ] {
            let addresses = Self.take(list.flatMap { internet_address_list_to_string($0, nil, 0) })
            if !addresses.isEmpty { lines.append("\(name): \(addresses)") }
        }
        if let date = g_mime_message_get_date(message) {
            lines.append("Date: \(Self.take(g_date_time_format(date, "%Y-%m-%d %H:%M:%S %z")))")
        }
        if !lines.isEmpty { self.output.append(BlockFrame.block(.preformatted, lines.joined(separator: "\n"))) }
        if let part = g_mime_message_get_mime_part(message) { try self.append(part, depth: depth + 1) }
    }

    private mutating func append(_ part: UnsafeMutablePointer<GMimeObject>, depth: Int) throws {
        guard depth <= Self.deepest else { return }
        if Self.isKind(part, g_mime_multipart_get_type()) {
            try self.appendParts(of: part, depth: depth)
        } else if Self.isKind(part, g_mime_message_part_get_type()) {
            let nested = UnsafeMutableRawPointer(part).assumingMemoryBound(to: GMimeMessagePart.self)
            if let message = g_mime_message_part_get_message(nested) { try self.append(message, depth: depth) }
        } else if Self.isKind(part, g_mime_part_get_type()) {
            try self.appendLeaf(part)
        }
    }

    private mutating func appendParts(of part: UnsafeMutablePointer<GMimeObject>, depth: Int) throws {
        let multipart = UnsafeMutableRawPointer(part).assumingMemoryBound(to: GMimeMultipart.self)
        let count = max(0, g_mime_multipart_get_count(multipart))
        let parts = (0..<count).compactMap { g_mime_multipart_get_part(multipart, $0) }
        guard Self.isType(part, "multipart", "alternative") else {
            for part in parts { try self.append(part, depth: depth + 1) }
            return
        }
        // Readers show the last one they can; the first plain text has the same words without their dress, but for
        // letters to many, where it may be empty.
        if let part = parts.first(where: { Self.isPlain($0) && !Self.isBlank($0) }) ?? parts.last {
            try self.append(part, depth: depth + 1)
        }
    }

    private mutating func appendLeaf(_ object: UnsafeMutablePointer<GMimeObject>) throws {
        let part = Self.leaf(object)
        let name = CleanText.line(Self.string(g_mime_part_get_filename(part)))
        let isAttachment = g_mime_part_is_attachment(part) != 0 || !name.isEmpty
        let content = Self.content(of: part)
        guard !isAttachment, Self.isType(object, "text", "*") else {
            let type = Self.take(g_mime_content_type_get_mime_type(g_mime_object_get_content_type(object)))
            self.attachments.append("\(name.isEmpty ? "unnamed" : name) (\(type), \(ByteCount(content.count)))")
            return
        }
        let text = Self.text(of: object, content)
        if Self.isType(object, "text", "html") { try self.appendHTML(text) } else { self.appendPlain(text) }
    }

    private func appendHTML(_ text: [UInt8]) throws {
        let output = self.output
        let parser = try HTMLParser { block in
            // The subject is the title.
            if case .block(let kind, let text) = block { output.append(BlockFrame.block(kind, text)) }
        }
        for start in stride(from: 0, to: text.count, by: 1 << 16) {
            try parser.feed(Array(text[start..<min(start + 1 << 16, text.count)]))
        }
        try parser.finish()
    }

    private func appendPlain(_ text: [UInt8]) {
        var collector = BlockCollector(limits: ExtractionLimits(textBytes: .max, blocks: .max))
        var scanner = PlainTextScanner(kind: .paragraph)
        var lines = LineSplitter()
        try? lines.append(text) { line throws(ExtractionError) in try scanner.append(line, to: &collector) }
        try? lines.finish { line throws(ExtractionError) in try scanner.append(line, to: &collector) }
        try? scanner.finish(&collector)
        for block in (try? collector.result(.mail))?.blocks ?? [] {
            self.output.append(BlockFrame.block(block.kind, block.text))
        }
    }

    private func appendAttachments() {
        guard !self.attachments.isEmpty else { return }
        var lines = self.attachments.prefix(Self.attachmentLimit).map { "Attachment: \($0)" }
        let rest = self.attachments.count - lines.count
        if rest > 0 { lines.append("and \(rest) more attachments") }
        self.output.append(BlockFrame.block(.preformatted, lines.joined(separator: "\n")))
    }

    private static func isPlain(_ object: UnsafeMutablePointer<GMimeObject>) -> Bool {
        self.isType(object, "text", "plain") && self.isKind(object, g_mime_part_get_type())
    }

    /// Whether a plain part has nothing to read.
    private static func isBlank(_ object: UnsafeMutablePointer<GMimeObject>) -> Bool {
        String(decoding: self.text(of: object, self.content(of: self.leaf(object))), as: UTF8.self)
            .allSatisfy(\.isWhitespace)
    }

    /// The text of a part in UTF-8.
    private static func text(of object: UnsafeMutablePointer<GMimeObject>, _ content: [UInt8]) -> [UInt8] {
        let charset = self.string(g_mime_object_get_content_type_parameter(object, "charset")).lowercased()
        var encoding = CharsetDetector.encoding(of: content[...])
        if !charset.isEmpty {
            encoding = HTMLCharset.encoding(named: charset)
        } else if self.isType(object, "text", "html") {
            encoding = HTMLCharset.declared(in: content)
        }
        var transcoder = TextTranscoder(encoding)
        var text: [UInt8] = []
        transcoder.append(content, to: &text)
        transcoder.finish(to: &text)
        return text
    }

    /// An object that is a `GMimePart`.
    private static func leaf(_ object: UnsafeMutablePointer<GMimeObject>) -> UnsafeMutablePointer<GMimePart> {
        UnsafeMutableRawPointer(object).assumingMemoryBound(to: GMimePart.self)
    }

    /// What a part holds, decoded.
    private static func content(of part: UnsafeMutablePointer<GMimePart>) -> [UInt8] {
        guard let wrapper = g_mime_part_get_content(part), let memory = g_byte_array_new(),
            let stream = g_mime_stream_mem_new_with_byte_array(memory)
        else { return [] }
        defer { g_object_unref(stream) }
        _ = g_mime_data_wrapper_write_to_stream(wrapper, stream)
        return Array(UnsafeBufferPointer(start: memory.pointee.data, count: Int(memory.pointee.len)))
    }

    private static func isKind(_ object: UnsafeMutablePointer<GMimeObject>, _ type: GType) -> Bool {
        let instance = UnsafeMutableRawPointer(object).assumingMemoryBound(to: GTypeInstance.self)
        return g_type_check_instance_is_a(instance, type) != 0
    }

    private static func isType(_ object: UnsafeMutablePointer<GMimeObject>, _ type: String, _ subtype: String) -> Bool {
        g_mime_content_type_is_type(g_mime_object_get_content_type(object), type, subtype) != 0
    }

    private static func string(_ text: UnsafePointer<CChar>?) -> String { text.map { String(cString: $0) } ?? "" }

    /// A text that the caller owns.
    private static func take(_ text: UnsafeMutablePointer<CChar>?) -> String {
        guard let text else { return "" }
        defer { g_free(text) }
        return String(cString: text)
    }
}
