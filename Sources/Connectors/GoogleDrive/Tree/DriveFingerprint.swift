/// Which content a document has: what a source compares and a fetch needs, as the text in the ledger.
package struct DriveFingerprint: Equatable, Sendable {
    package enum Content: Equatable, Sendable {
        /// Binary content with its checksum, 32 hexadecimal digits.
        case checksum(String)
        /// Binary content without a checksum, by the version of the file.
        case version(Int64)
        /// An export, by its format and the version of the file.
        case export(ExportFormat, Int64)
    }

    package var content: Content
    /// What the file's link needs beside its id.
    package var resourceKey: String?

    package init(content: Content, resourceKey: String?) {
        self.content = content
        self.resourceKey = resourceKey
    }

    /// Nil for a file without content.
    package init?(_ file: DriveFile, exports: ExportFormats, resourceKey: String?) {
        self.resourceKey = resourceKey
        switch exports.content(of: file.mimeType) {
        case .none: return nil
        case .export(let format): self.content = .export(format, file.version)
        case .binary: self.content = file.md5Checksum.map { .checksum($0) } ?? .version(file.version)
        }
    }

    /// Reads what `text` wrote.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        switch parts.first {
        case "md5" where parts.count >= 2: self.content = .checksum(parts[1])
        case "version" where parts.count >= 2:
            guard let version = Int64(parts[1]) else { return nil }
            self.content = .version(version)
        case "export" where parts.count >= 3:
            guard let format = ExportFormat(rawValue: parts[1]), let version = Int64(parts[2]) else { return nil }
            self.content = .export(format, version)
        default: return nil
        }
        let used = parts[0] == "export" ? 3 : 2
        self.resourceKey = parts.count > used ? parts[used...].joined(separator: ":") : nil
    }

    package var text: String {
        let content =
            switch self.content {
            case .checksum(let digits): "md5:\(digits)"
            case .version(let version): "version:\(version)"
            case .export(let format, let version): "export:\(format.rawValue):\(version)"
            }
        return self.resourceKey.map { "\(content):\($0)" } ?? content
    }
}
