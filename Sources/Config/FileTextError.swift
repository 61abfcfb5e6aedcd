import Glibc

/// Why a configuration file cannot be read.
enum FileTextError: Error, CustomStringConvertible {
    /// With the system's error number.
    case cannotRead(Int32)
    case noWorkingDirectory(Int32)

    var description: String {
        switch self {
        case .cannotRead(ENOENT): "cannot read the configuration: no such file; create it or name another"
        case .cannotRead(EACCES):
            "cannot read the configuration: permission denied; let the user that runs corpusd read it"
        case .cannotRead(EISDIR): "cannot read the configuration: it is a directory; name a file in it"
        case .cannotRead(let number): "cannot read the configuration: \(Self.text(number)); name another file"
        case .noWorkingDirectory(let number):
            "cannot tell the working directory: \(Self.text(number)); write the path from the root"
        }
    }

    /// The system's words for an error number, in the case of the middle of a sentence.
    private static func text(_ number: Int32) -> String {
        let text = strerror(number).map { String(cString: $0) } ?? "error \(number)"
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
