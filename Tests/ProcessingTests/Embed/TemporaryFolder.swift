import FoundationEssentials

/// A folder that lasts as long as a test.
enum TemporaryFolder {
    static func with<Result>(_ body: (String) throws -> Result) throws -> Result {
        let url = try Self.create()
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url.path)
    }

    private static func create() throws -> URL {
        let url = FileManager.default.temporaryDirectory.appending(path: "embed-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }
}
