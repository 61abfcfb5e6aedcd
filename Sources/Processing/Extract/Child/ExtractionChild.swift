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
            try Confinement.apply(reading: request.path, becoming: request.tool)
        } catch {
            return ChildExitCode.unlimited.rawValue
        }
        switch request.parser {
        case .own(let format): return OwnParser.run(format, path: request.path)?.rawValue ?? 0
        case .pdf(let tool): return self.become(tool, ["-htmlmeta", "-enc", "UTF-8", request.path, "-"]).rawValue
        }
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
