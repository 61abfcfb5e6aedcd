/// What is told of an image in words: its name, its size, and what the camera wrote into it.
struct ImageText {
    private static let names = [
        "image/png": "PNG", "image/jpeg": "JPEG", "image/tiff": "TIFF", "image/webp": "WebP", "image/gif": "GIF",
    ]
    /// What libmagic calls the tags of Exif that say something to people.
    private static let labels = [
        "description": "Description", "datetime": "Taken", "manufacturer": "Camera", "model": "Model",
    ]
    private static let longestValue = 2_000

    private var size: String?
    private var width: Int?
    private var height: Int?
    private var details: [(key: String, value: String)] = []
    private let kind: String

    /// - Parameters:
    ///   - description: What libmagic says.
    ///   - mediaType: The image's.
    init(description: String, mediaType: String) {
        self.kind = "\(Self.names[mediaType].map { "\($0) " } ?? "")image"
        var key = ""
        for field in description.split(separator: ", ", omittingEmptySubsequences: false) {
            if let equals = field.firstIndex(of: "="), field[..<equals].allSatisfy({ $0.isASCII && $0.isLetter }) {
                key = String(field[..<equals])
                self.take(key, String(field[field.index(after: equals)...]))
            } else if key == "description", !description.contains("]") || self.isOpen {
                self.details[self.details.count - 1].value += ", \(field)"
            } else if self.size == nil {
                self.size = Self.dimensions(field)
            }
            if field.hasSuffix("]") { key = "" }
        }
    }

    /// Whether the last detail may go on behind a comma.
    private var isOpen: Bool { self.details.last.map { !$0.value.hasSuffix("]") } ?? false }

    /// One line a fact.
    ///
    /// - Parameter name: The file's name.
    /// - Returns: The lines.
    func lines(name: String?) -> [String] {
        var lines = name.map { [$0] } ?? []
        let size = self.size ?? self.width.flatMap { width in self.height.map { "\(width) × \($0)" } }
        lines.append(self.kind + (size.map { ", \($0) pixels" } ?? ""))
        for (key, value) in self.details {
            let value = CleanText.line(value.hasSuffix("]") ? String(value.dropLast()) : value)
            guard let label = Self.labels[key], !value.isEmpty else { continue }
            lines.append("\(label): \(value.prefix(Self.longestValue))")
        }
        return lines
    }

    private mutating func take(_ key: String, _ value: String) {
        switch key {
        case "width": self.width = self.width ?? Int(value.prefix { $0.isNumber })
        case "height": self.height = self.height ?? Int(value.prefix { $0.isNumber })
        default: self.details.append((key, value))
        }
    }

    /// `640 x 120` or `640x120` as people write it.
    private static func dimensions(_ field: Substring) -> String? {
        let numbers = field.split(separator: "x", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
        guard numbers.count == 2, let width = Int(numbers[0]), let height = Int(numbers[1]) else { return nil }
        return "\(width) × \(height)"
    }
}
