import Ingest
package import SystemPackage

/// Why no text could be had from a file.
package enum ExtractionError: DocumentError, Equatable {
    /// The file cannot be opened or read.
    case unreadable(Errno)
    /// The path names a directory, a pipe or a device.
    case notAFile
    /// More bytes than are read of one file.
    case tooLarge(limit: Int)
    /// No extractor is for this media type.
    case unsupported(mediaType: String)
    /// A file that begins as text goes on with something else.
    case binaryContent
    /// There is nothing to index.
    case noText(DocumentFormat)
    /// More text than is taken from one document, in bytes.
    case tooMuchText(limit: Int)
    /// More paragraphs than are taken from one document.
    case tooManyBlocks(limit: Int)
    /// More columns than a table may have.
    case tooManyColumns(limit: Int)
    /// The rows of a table cannot be kept until they are stored.
    case noTemporaryFile(directory: String, code: Errno)
    /// A password is needed.
    case encrypted(DocumentFormat)
    /// Its author does not permit copying its text.
    case copyingForbidden(DocumentFormat)
    /// The parser cannot make sense of it.
    case damaged(DocumentFormat)
    /// Unpacked, it is larger than any document of its size.
    case expandsTooMuch(DocumentFormat)
    /// A scan with more pages than are read by text recognition.
    case tooManyPages(Int, limit: Int)
    /// The parser needed more time than one document gets, of the processor or by the clock.
    case timeLimit(DocumentFormat, Duration)
    /// The parser ended by a signal: a crash, or the memory limit.
    case crashed(DocumentFormat)
    /// The parser was ended from outside: nothing that it did itself.
    case killed(DocumentFormat)
    /// Text recognition has no data of a language that is expected.
    case languageMissing
    /// The parser's program is not there.
    case toolMissing(path: String)
    /// The system could not start or watch the parser.
    case parserUnavailable(Errno?)

    package var description: String {
        switch self {
        case .unreadable(.noSuchFileOrDirectory):
            "cannot read the file: it is gone; nothing to do unless it should be there"
        case .unreadable(.permissionDenied):
            "cannot read the file: permission denied; let the user that corpusd runs as read it"
        case .unreadable(let errno):
            "cannot read the file: \(errno.description.lowercased()); check the disk and the file system"
        case .notAFile:
            "cannot read the file: it is not a regular file; put a regular file in its place"
        case .tooLarge(let limit):
            "cannot read the file: it is larger than \(ByteCount(limit)); split it"
        case .unsupported(let mediaType):
            "cannot extract text: nothing here reads the type '\(mediaType)'; convert the file to PDF, HTML or text"
        case .binaryContent:
            "cannot read the text file: it contains binary data; save it as text"
        case .noText(.pdf):
            "no text in the PDF: it may be a scan; set 'processing.ocr', or run it through text recognition"
        case .noText(let format):
            "no text in the \(format.name): there is nothing to index; add text or exclude the file"
        case .tooMuchText(let limit):
            "cannot take in the document: it has more than \(ByteCount(limit)) of text; split it"
        case .tooManyColumns(let limit):
            "cannot take in the table: it has more than \(limit) columns; split it"
        case .noTemporaryFile(let directory, let code):
            "cannot keep the rows of the table in '\(directory)': \(code.description.lowercased()); "
                + "make room and let corpusd write there"
        case .tooManyBlocks(let limit):
            "cannot take in the document: it has more than \(limit) paragraphs; split it"
        case .encrypted(let format):
            "cannot read the \(format.name): it is encrypted; save it without a password"
        case .copyingForbidden(let format):
            "cannot read the \(format.name): it does not permit copying its text; ask its author for one that does"
        case .damaged(let format):
            "cannot read the \(format.name): it is damaged or cut off; replace it with an intact copy"
        case .expandsTooMuch(let format):
            "cannot read the \(format.name): it grows beyond all measure when it is unpacked; "
                + "save it again, it may be made to do harm"
        case .tooManyPages(let count, let limit):
            "cannot read the PDF: it is a scan of \(count) pages, and text is recognised on \(limit) at most; split it"
        case .timeLimit(let format, let limit):
            "cannot read the \(format.name): it took longer than \(limit.components.seconds) s; "
                + "simplify or split it, it may be made to do harm"
        case .crashed(let format):
            "cannot read the \(format.name): its parser crashed or needed too much memory; "
                + "save the file again with another program, it may be made to do harm"
        case .killed(let format):
            "cannot read the \(format.name): the system ended its parser, most likely for want of memory; "
                + "give it more, it is tried again"
        case .languageMissing:
            "cannot recognise text: tesseract lacks the data of a language in 'processing.ocr_languages'; install it "
                + "(Debian: tesseract-ocr-deu for 'deu'), or take the language out"
        case .toolMissing(let path):
            "cannot read the file: '\(path)' is missing or cannot be run; install it\(ExtractionTools.package(of: path))"
        case .parserUnavailable(let errno):
            "cannot start the parser: \(errno.map { $0.description.lowercased() } ?? "the system gives no reason"); "
                + "check the limits on processes and open files"
        }
    }

    package var typeName: String {
        switch self {
        case .unreadable, .notAFile: "UnreadableFile"
        case .tooLarge: "FileTooLarge"
        case .unsupported: "UnsupportedType"
        case .binaryContent: "BinaryContent"
        case .noText: "NoText"
        case .tooManyColumns: "TableTooWide"
        case .noTemporaryFile: "TemporaryCopyFailed"
        case .tooMuchText, .tooManyBlocks, .tooManyPages: "TooMuchText"
        case .expandsTooMuch: "ExpandsTooMuch"
        case .encrypted: "EncryptedDocument"
        case .copyingForbidden: "ProtectedDocument"
        case .damaged: "DamagedDocument"
        case .timeLimit: "TimeLimitExceeded"
        case .crashed: "ParserCrashed"
        case .killed: "ParserKilled"
        case .languageMissing: "LanguageMissing"
        case .toolMissing: "ToolMissing"
        case .parserUnavailable: "ParserUnavailable"
        }
    }

    /// A tool that is missing counts as transient: it is installed without touching the document.
    package var isTransient: Bool {
        switch self {
        case .unreadable(.permissionDenied): false
        case .unreadable, .toolMissing, .languageMissing, .killed, .parserUnavailable, .noTemporaryFile: true
        default: false
        }
    }

    /// A full disk says nothing about the document.
    package var concernsDocument: Bool {
        if case .noTemporaryFile = self { false } else { true }
    }
}
