package import Ingest
package import NIOPosix

/// Extracts text from files of this machine: UTF-8 text and Markdown by itself, everything else in child processes.
///
/// A child is this very program, called with `ExtractionChild.subcommand`; it limits its own processor time and memory
/// before it looks at the file. Blocking work runs on a thread pool.
package struct FileExtractor: Extractor {
    private let program: String
    private let pdftotext: String
    private let temporaryDirectory: String
    private let limits: ExtractionLimits
    private let threadPool: NIOThreadPool

    /// - Parameters:
    ///   - program: The program to run for a child; it calls `ExtractionChild.run`. The default is the program that is
    ///     running, even where its file has been replaced since.
    ///   - pdftotext: Absolute path of poppler's program.
    ///   - temporaryDirectory: Where the rows of tables wait to be stored; on a disk, and nobody else's.
    ///   - limits: What a document may cost.
    ///   - threadPool: Where files are read.
    package init(
        program: String = "/proc/self/exe",
        pdftotext: String = "/usr/bin/pdftotext",
        temporaryDirectory: String = "/tmp",
        limits: ExtractionLimits = ExtractionLimits(),
        threadPool: NIOThreadPool = .singleton
    ) {
        self.program = program
        self.pdftotext = pdftotext
        self.temporaryDirectory = temporaryDirectory
        self.limits = limits
        self.threadPool = threadPool
    }

    package func identify(_ content: FetchedContent, name: String) async throws -> ContentIdentification {
        let limit = self.limits.fileBytes
        return try await self.threadPool.runIfActive {
            let file = try InputFile(content.filePath)
            let identification = ContentSniffer.identify(try file.head(ContentSniffer.headLength), name: name)
            if case .supported = identification, file.size > limit {
                return .skipped(reason: "larger than \(ByteCount(limit))")
            }
            return identification
        }
    }

    package func extract(_ content: FetchedContent, mediaType: String) async throws -> ExtractedText {
        guard let format = DocumentFormat(mediaType: mediaType) else {
            throw ExtractionError.unsupported(mediaType: mediaType)
        }
        let limits = self.limits
        switch format {
        case .plainText, .sourceText, .markdown:
            do {
                return try await self.threadPool.runIfActive {
                    try TextFileReader(limits: limits).read(content.filePath, format: format)
                }
            } catch is TextFileReader.UnknownEncoding {
                return try await self.parse(content.filePath, format: format, limits: limits.text)
            }
        case .html: return try await self.parse(content.filePath, format: format, limits: limits.html)
        case .csv, .json, .xml, .mail:
            return try await self.parse(content.filePath, format: format, limits: limits.text)
        case .pdf:
            try await self.check(content.filePath)
            let request = ExtractionRequest(
                parser: .pdf(tool: self.pdftotext),
                path: content.filePath,
                limits: limits.pdf
            )
            return try await self.run(request, PDFTextScanner(limits: limits), format: format)
        }
    }

    /// Has a child read a format by itself.
    private func parse(_ path: String, format: DocumentFormat, limits: ChildLimits) async throws -> ExtractedText {
        try await self.check(path)
        let request = ExtractionRequest(parser: .own(format), path: path, limits: limits)
        let reader = BlockFrameReader(format: format, directory: self.temporaryDirectory, limits: self.limits)
        return try await self.run(request, reader, format: format)
    }

    /// Finds out what a child could not say: whether the file is there and can be read.
    private func check(_ path: String) async throws {
        let limit = self.limits.fileBytes
        try await self.threadPool.runIfActive {
            guard try InputFile(path).size <= limit else { throw ExtractionError.tooLarge(limit: limit) }
        }
    }

    private func run(
        _ request: ExtractionRequest,
        _ output: some ChildOutput,
        format: DocumentFormat
    ) async throws -> ExtractedText {
        let child = ChildProcess(
            executable: self.program,
            arguments: [ExtractionChild.subcommand] + request.arguments,
            wallTime: request.limits.wallTime,
            outputLimit: self.limits.childOutputBytes
        )
        do {
            var outcome = try await child.run(output)
            guard outcome.ending == .exited(0) else {
                try await self.check(request.path)
                throw ChildVerdict(outcome.ending, diagnostics: outcome.diagnostics).error(for: request, format: format)
            }
            return try outcome.output.finish()
        } catch ChildProcess.Failure.timedOut {
            throw ExtractionError.timeLimit(format, request.limits.wallTime)
        } catch ChildProcess.Failure.tooMuchOutput {
            throw ExtractionError.tooMuchText(limit: self.limits.textBytes)
        } catch ChildProcess.Failure.notExecutable {
            throw ExtractionError.toolMissing(path: self.program)
        } catch ChildProcess.Failure.notStarted(let errno) {
            throw ExtractionError.parserUnavailable(errno)
        }
    }
}
