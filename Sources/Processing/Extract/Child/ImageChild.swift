import SystemPackage

/// Writes what is known of an image to standard output.
enum ImageChild {
    /// - Returns: Why it failed, nil when all was written.
    static func run(path: String) -> ChildExitCode? {
        do {
            // It was found to be an image before; since then it may have become empty.
            guard try InputFile(path).size > 0 else { return .damaged }
            let description = try MagicDescription.text(of: path)
            try FileDescriptor.standardOutput.writeAll(Array(description.utf8))
        } catch is PackageError {
            return .outOfMemory
        } catch is ExtractionError {
            return .unreadable
        } catch {
            return .broken
        }
        return nil
    }
}
