import Subprocess
import SystemPackage

/// Runs one program on untrusted input and never waits for it longer than allowed.
///
/// The program gets no environment but its locale and a limit of its threads, and its own session. When time is up, its output too long
/// or the task cancelled, it and whatever it started are killed.
struct ChildProcess: Sendable {
    /// How a program ended.
    enum Ending: Equatable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    /// Why there is no ending to report.
    enum Failure: Error, Equatable {
        case notExecutable
        /// The system refused; nil when it did not say why.
        case notStarted(Errno?)
        case timedOut
        case tooMuchOutput
    }

    /// What a program left behind.
    struct Outcome<Output: Sendable>: Sendable {
        var output: Output
        var ending: Ending
        /// The first bytes it wrote to standard error; may hold text of the document.
        var diagnostics: [UInt8]
    }

    private let executable: String
    private let arguments: [String]
    private let input: [UInt8]
    private let wallTime: Duration
    private let outputLimit: Int

    /// - Parameters:
    ///   - executable: Absolute path of the program.
    ///   - arguments: Without the program's own name.
    ///   - input: What it can read from standard input.
    ///   - wallTime: How long it may take from start to exit.
    ///   - outputLimit: How many bytes it may write to standard output.
    init(executable: String, arguments: [String], input: [UInt8] = [], wallTime: Duration, outputLimit: Int) {
        self.executable = executable
        self.arguments = arguments
        self.input = input
        self.wallTime = wallTime
        self.outputLimit = outputLimit
    }

    /// Runs the program to its end.
    ///
    /// - Parameter output: Receives what it writes.
    /// - Returns: `output` with all of it, and how the program ended.
    /// - Throws: `Failure`, what `output` throws, or `CancellationError`.
    func run<Output: ChildOutput>(_ output: Output) async throws -> Outcome<Output> {
        let outcome = try await withThrowingTaskGroup(of: Outcome<Output>?.self) { group in
            group.addTask { try await self.runToEnd(output) }
            group.addTask {
                // While the machine sleeps nobody works.
                try await Task.sleep(for: self.wallTime, clock: .suspending)
                return nil
            }
            let first = try await group.next() ?? nil
            group.cancelAll()
            return first
        }
        try Task.checkCancellation()
        guard let outcome else { throw Failure.timedOut }
        return outcome
    }

    private func runToEnd<Output: ChildOutput>(_ output: Output) async throws -> Outcome<Output> {
        do {
            let descriptors = try ChildDescriptors(input: self.input)
            let result = try await Subprocess.run(
                self.configuration,
                input: .fileDescriptor(descriptors.input, closeAfterSpawningProcess: false),
                output: .sequence,
                error: .fileDescriptor(descriptors.errors, closeAfterSpawningProcess: false)
            ) { execution in
                try await self.collect(execution.standardOutput, into: output)
            }
            let ending: Ending =
                switch result.terminationStatus {
                case .exited(let code): .exited(code)
                case .signaled(let signal): .killed(signal: signal)
                }
            return Outcome(output: result.closureResult, ending: ending, diagnostics: descriptors.diagnostics())
        } catch let errno as Errno {
            throw Failure.notStarted(errno)
        } catch let error as SubprocessError {
            if error.code == .executableNotFound { throw Failure.notExecutable }
            throw Failure.notStarted(error.underlyingError)
        }
    }

    private var configuration: Configuration {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
        ]
        return Configuration(
            executable: .path(FilePath(self.executable)),
            arguments: Arguments(self.arguments),
            environment: .custom(["LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"]),
            platformOptions: options
        )
    }

    private func collect<Output: ChildOutput>(
        _ stream: SubprocessOutputSequence,
        into output: Output
    ) async throws -> Output {
        var output = output
        var total = 0
        for try await buffer in stream {
            total += buffer.count
            guard total <= self.outputLimit else { throw Failure.tooMuchOutput }
            try output.append(buffer.withUnsafeBytes { Array($0) })
        }
        return output
    }
}
