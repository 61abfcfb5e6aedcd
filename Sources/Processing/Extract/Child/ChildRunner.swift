import NIOPosix

/// Starts the children of extraction, and says of one that fails why the document cannot be read.
struct ChildRunner: Sendable {
    /// The program that is run for a child.
    let program: String
    let limits: ExtractionLimits
    let threadPool: NIOThreadPool

    /// Runs one child to its end.
    ///
    /// - Parameters:
    ///   - request: What it is to do.
    ///   - output: What makes something of what it writes.
    ///   - format: What the document is called in errors.
    ///   - input: What it can read, where `request.path` is `ExtractionRequest.input`.
    /// - Returns: What `output` made.
    /// - Throws: `ExtractionError`, or `CancellationError`.
    func run<Output: ChildOutput>(
        _ request: ExtractionRequest,
        _ output: Output,
        format: DocumentFormat,
        input: [UInt8] = []
    ) async throws -> Output.Result {
        try await self.check(request.path)
        let child = ChildProcess(
            executable: self.program,
            arguments: [ExtractionChild.subcommand] + request.arguments,
            input: input,
            wallTime: request.limits.wallTime,
            outputLimit: request.tool == nil ? self.limits.childOutputBytes : self.limits.toolOutputBytes
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

    /// Finds out what a child could not say: whether the file is there and can be read.
    private func check(_ path: String) async throws {
        guard path != ExtractionRequest.input else { return }
        let limit = self.limits.fileBytes
        try await self.threadPool.runIfActive {
            guard try InputFile(path).size <= limit else { throw ExtractionError.tooLarge(limit: limit) }
        }
    }
}
