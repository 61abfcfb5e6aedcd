import Glibc
import SystemPackage

/// What the way a child ended says about the document.
enum ChildVerdict: Equatable {
    case unreadable
    case encrypted
    case copyingForbidden
    case damaged
    case expandsTooMuch
    case binary
    case timeLimit
    case crashed
    case killed
    case languageMissing
    case toolMissing
    case unavailable

    /// - Parameters:
    ///   - ending: Anything but success.
    ///   - diagnostics: The beginning of what the child wrote to standard error.
    init(_ ending: ChildProcess.Ending, diagnostics: [UInt8]) {
        switch ending {
        case .killed(signal: SIGXCPU), .killed(signal: SIGALRM): self = .timeLimit
        // Nothing that the document makes of it: the system is out of memory, or somebody ended it.
        case .killed(signal: SIGKILL): self = .killed
        case .killed: self = .crashed
        case .exited(let code):
            switch (ChildExitCode(rawValue: code), code) {
            case (.unreadable?, _): self = .unreadable
            case (.outOfMemory?, _): self = .crashed
            case (.damaged?, _): self = .damaged
            case (.binary?, _): self = .binary
            case (.encrypted?, _): self = .encrypted
            case (.expandsTooMuch?, _): self = .expandsTooMuch
            case (.toolMissing?, _): self = .toolMissing
            case (.usage?, _), (.unlimited?, _), (.broken?, _): self = .unavailable
            case (nil, 1): self = Self.ofFailedOpening(String(decoding: diagnostics, as: UTF8.self))
            case (nil, 3): self = .copyingForbidden
            case (nil, _): self = .crashed
            }
        }
    }

    /// The programs have one exit code for all that keeps them from opening a file.
    private static func ofFailedOpening(_ diagnostics: String) -> ChildVerdict {
        if diagnostics.contains("Incorrect password") || diagnostics.contains("ncrypted") { return .encrypted }
        if diagnostics.contains("Out of memory") { return .crashed }
        if diagnostics.contains("Failed loading language") { return .languageMissing }
        return .damaged
    }

    /// The error that a person reads.
    func error(for request: ExtractionRequest, format: DocumentFormat) -> ExtractionError {
        switch self {
        case .unreadable: .unreadable(.ioError)
        case .encrypted: .encrypted(format)
        case .copyingForbidden: .copyingForbidden(format)
        case .damaged: .damaged(format)
        case .expandsTooMuch: .expandsTooMuch(format)
        case .binary: .binaryContent
        case .timeLimit: .timeLimit(format, request.limits.cpuTime)
        case .crashed: .crashed(format)
        case .killed: .killed(format)
        case .languageMissing: .languageMissing
        case .toolMissing: .toolMissing(path: request.tool ?? "")
        case .unavailable: .parserUnavailable(nil)
        }
    }
}
