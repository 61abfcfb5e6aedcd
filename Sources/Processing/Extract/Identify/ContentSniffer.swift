import Ingest

/// Judges what a file is by its first bytes, and by its name where they leave a choice.
enum ContentSniffer {
    /// How many bytes of a file are looked at.
    static let headLength = 1 << 16
    /// How many of them tell one text from another.
    private static let beginningLength = 4_096

    /// What the first bytes tell.
    enum Finding: Equatable {
        case identified(ContentIdentification)
        /// No text of one byte a character; what it is takes a closer look, which only a child process may take.
        ///
        /// `wideText` is what it is if that look tells nothing: text of two or four bytes a character.
        case binary(wideText: ContentIdentification?)
    }

    /// - Parameters:
    ///   - head: The first `headLength` bytes of the file, all of a shorter one.
    ///   - name: The file's name, of which only the extension counts.
    /// - Returns: What it is, as far as its beginning tells.
    static func identify(_ head: [UInt8], name: String) -> Finding {
        let name = FileName(name)
        guard !head.isEmpty else { return .identified(.skipped(reason: "empty file")) }
        if self.isPDF(head, name: name) { return .identified(.supported(mediaType: "application/pdf")) }

        let mark = TextEncoding.byteOrderMark(head)
        if mark == nil, !self.isText(head) {
            let encoding = CharsetDetector.wideEncoding(of: head[...])
            return .binary(wideText: encoding.map { self.text(head, mark: ($0, 0), name: name) })
        }
        return .identified(self.text(head, mark: mark, name: name))
    }

    /// Readers look for the mark of a PDF in the first 1,024 bytes, for what mail and web servers put before it.
    private static func isPDF(_ head: [UInt8], name: FileName) -> Bool {
        let mark = Array("%PDF-".utf8)
        if head.starts(with: mark) { return true }
        guard name.fileExtension == "pdf" else { return false }
        let opening = head.prefix(1_024)
        return opening.indices.contains { opening[$0...].starts(with: mark) }
    }

    /// Whether bytes without a byte order mark are text: no NUL, and hardly any other control character.
    private static func isText(_ head: [UInt8]) -> Bool {
        var controls = 0
        for byte in head where byte < 0x20 || byte == 0x7F {
            switch byte {
            case 0: return false
            case 0x08...0x0D, 0x1B: break
            default: controls += 1
            }
        }
        return controls * 100 <= head.count
    }

    /// The first kilobytes of a text.
    private static func beginning(of head: [UInt8], mark: (encoding: TextEncoding, length: Int)?) -> String {
        var bytes: [UInt8] = []
        var transcoder = TextTranscoder(mark?.encoding ?? .utf8)
        transcoder.append(head.dropFirst(mark?.length ?? 0).prefix(Self.beginningLength), to: &bytes)
        transcoder.finish(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What a text says first, in lower case, without what may stand before a document type.
    private static func opening(of beginning: String) -> Substring {
        var text = beginning.lowercased()[...]
        while true {
            text = text.drop(while: \.isWhitespace)
            let closing: String
            if text.hasPrefix("<!--") {
                closing = "-->"
            } else if text.hasPrefix("<?xml") {
                closing = "?>"
            } else {
                return text
            }
            guard let end = text.firstRange(of: closing) else { return "" }
            text = text[end.upperBound...]
        }
    }

    private static func text(
        _ head: [UInt8], mark: (encoding: TextEncoding, length: Int)?, name: FileName
    ) -> ContentIdentification {
        let beginning = self.beginning(of: head, mark: mark)
        let opening = self.opening(of: beginning)
        if opening.hasPrefix("{\\rtf") { return .supported(mediaType: "application/rtf") }
        if opening.hasPrefix("%!ps") { return .skipped(reason: "unsupported type 'application/postscript'") }
        if opening.hasPrefix("<svg") || opening.hasPrefix("<!doctype svg") || name.fileExtension == "svg" {
            return .skipped(reason: "unsupported type 'image/svg+xml'")
        }
        let named = TextMediaType.named(name)
        switch named {
        case nil, "text/plain", "application/xml":
            if self.isHTML(opening) { return .supported(mediaType: "text/html") }
            let isWhole = head.count <= Self.beginningLength
            let shape = named == nil ? TextShape.mediaType(of: beginning, isWhole: isWhole) : named
            return .supported(mediaType: shape ?? "text/plain")
        case let named?:
            return .supported(mediaType: named)
        }
    }

    private static func isHTML(_ opening: Substring) -> Bool {
        ["<!doctype html", "<html", "<head>", "<body", "<title>"].contains { opening.hasPrefix($0) }
    }
}
