import Glibc
import SystemPackage

/// The other side of `FileExtractor`: parses one untrusted document in a process of its own.
///
/// The program calls `run` for its hidden subcommand before it does anything else, so that nothing of it, no thread,
/// no open file, is within reach of what a hostile document makes of the parser.
package enum ExtractionChild {
    /// The program's first argument when it is to be this child.
    package static let subcommand = "extract-child"

    /// Limits the process, then parses, or becomes the program that does.
    ///
    /// - Parameter arguments: What stands behind the subcommand on the command line.
    /// - Returns: The code to exit with.
    package static func run(arguments: some Sequence<String>) -> Int32 {
        guard let request = ExtractionRequest(arguments: arguments) else {
            return ChildExitCode.usage.rawValue
        }
        do {
            try ResourceLimits.apply(request.limits)
            let path = request.path == ExtractionRequest.input ? nil : request.path
            try Confinement.apply(reading: path, becoming: request.tool)
        } catch {
            return ChildExitCode.unlimited.rawValue
        }
        let failure: ChildExitCode? =
            switch request.parser {
            case .own(let format): OwnParser.run(format, path: request.path)
            case .image: ImageChild.run(path: request.path)
            case .identify: IdentifyChild.run(path: request.path)
            case .tool(let tool, let arguments): self.become(tool, arguments)
            }
        return failure?.rawValue ?? 0
    }

    /// Replaces the process; returns only when that fails.
    private static func become(_ program: String, _ arguments: [String]) -> ChildExitCode {
        var pointers = ([program] + arguments).map { strdup($0) }
        pointers.append(nil)
        execv(program, pointers)
        for pointer in pointers { free(pointer) }
        return .toolMissing
    }
}
