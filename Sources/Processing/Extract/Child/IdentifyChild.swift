import CMagic
import SystemPackage

/// Finds out what a file of binary data is, and writes its media type to standard output.
enum IdentifyChild {
    /// - Returns: Why it failed, nil when the type was written.
    static func run(path: String) -> ChildExitCode? {
        do {
            let isZip = try InputFile(path).head(4) == Array("PK\u{3}\u{4}".utf8)
            let type = isZip ? self.packedType(path) : try MagicDescription.mediaType(of: path)
            try FileDescriptor.standardOutput.writeAll(Array(type.utf8))
        } catch is PackageError {
            return .outOfMemory
        } catch is ExtractionError {
            return .unreadable
        } catch {
            return .broken
        }
        return nil
    }

    /// What the parts of a ZIP file say it is; `application/zip` where they say nothing, or cannot be read.
    private static func packedType(_ path: String) -> String {
        let contents = PackageType()
        guard var reader = try? PackageReader(path: path) else { return PackageType.unknown }
        _ = try? reader.visit {
            try contents.interest(in: $0)
        } finished: {
            try contents.finishPart()
        }
        return contents.mediaType
    }
}
