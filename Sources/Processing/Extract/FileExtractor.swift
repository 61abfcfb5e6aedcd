package import Ingest
package import NIOPosix

/// Extracts text from files of this machine: UTF-8 text and Markdown by itself, everything else in child processes.
///
/// A child is this very program, called with `ExtractionChild.subcommand`; it limits its own processor time and memory
/// before it looks at the file. Blocking work runs on a thread pool.
package struct FileExtractor: Extractor {
    let tools: ExtractionTools
    private let temporaryDirectory: String
    let limits: ExtractionLimits
    let recognition: TextRecognition?
    let children: ChildRunner
    let threadPool: NIOThreadPool

    /// - Parameters:
    ///   - program: The program to run for a child; it calls `ExtractionChild.run`. The default is the program that is
    ///     running, even where its file has been replaced since.
    ///   - tools: The programs of others that are used.
    ///   - temporaryDirectory: Where the rows of tables wait to be stored; on a disk, and nobody else's.
    ///   - limits: What a document may cost.
    ///   - recognition: How text is read from pictures; nil to leave it.
    ///   - threadPool: Where files are read.
    package init(
        program: String = "/proc/self/exe",
        tools: ExtractionTools = ExtractionTools(),
        temporaryDirectory: String = "/tmp",
        limits: ExtractionLimits = ExtractionLimits(),
        recognition: TextRecognition? = nil,
        threadPool: NIOThreadPool = .singleton
    ) {
        self.tools = tools
        self.temporaryDirectory = temporaryDirectory
        self.limits = limits
        self.recognition = recognition
        self.threadPool = threadPool
        self.children = ChildRunner(program: program, limits: limits, threadPool: threadPool)
    }

    package func identify(_ content: FetchedContent, name: String) async throws -> ContentIdentification {
        let (sniffed, size) = try await self.threadPool.runIfActive {
            let file = try InputFile(content.filePath)
            return (ContentSniffer.identify(try file.head(ContentSniffer.headLength), name: name), file.size)
        }
        let identification: ContentIdentification
        switch sniffed {
        case .identified(let known): identification = known
        case .binary where size > self.limits.fileBytes:
            throw ExtractionError.tooLarge(limit: self.limits.fileBytes)
        case .binary(let wideText):
            let request = ExtractionRequest(
                parser: .identify,
                path: content.filePath,
                limits: self.limits.identification
            )
            let found = try await self.children.run(request, ChildBytes(), format: .unknown)
            let mediaType = String(decoding: found, as: UTF8.self)
            identification = BinaryType.identify(mediaType, name: name, wideText: wideText)
        }
        if case .supported = identification, size > self.limits.fileBytes {
            throw ExtractionError.tooLarge(limit: self.limits.fileBytes)
        }
        return identification
    }

    package func extract(_ content: FetchedContent, mediaType: String) async throws -> ExtractedText {
        guard let format = DocumentFormat(mediaType: mediaType) else {
            throw ExtractionError.unsupported(mediaType: mediaType)
        }
        switch format {
        case .plainText, .sourceText, .markdown:
            let limits = self.limits
            do {
                return try await self.threadPool.runIfActive {
                    try TextFileReader(limits: limits).read(content.filePath, format: format)
                }
            } catch is TextFileReader.UnknownEncoding {
                return try await self.blocks(format, content.filePath, limits.text)
            }
        case .html: return try await self.blocks(format, content.filePath, self.limits.html)
        case .csv, .json, .xml, .mail: return try await self.blocks(format, content.filePath, self.limits.text)
        case .pdf: return try await self.extractPDF(content.filePath)
        case .wordDocument, .slides, .openDocument, .book, .workbook, .openDocumentSheets:
            return try await self.blocks(format, content.filePath, self.limits.office)
        case .richText, .oldWordDocument, .oldWorkbook: return try await self.extractOld(content.filePath, format)
        case .image: return try await self.extractImage(content, mediaType: mediaType)
        case .unknown: throw ExtractionError.unsupported(mediaType: mediaType)
        }
    }

    /// Runs a child that parses by itself and writes frames.
    func blocks(
        _ format: DocumentFormat,
        _ path: String,
        _ limits: ChildLimits,
        input: [UInt8] = []
    ) async throws -> ExtractedText {
        let request = ExtractionRequest(parser: .own(format), path: path, limits: limits)
        let reader = BlockFrameReader(format: format, directory: self.temporaryDirectory, limits: self.limits)
        return try await self.children.run(request, reader, format: format, input: input)
    }
}
