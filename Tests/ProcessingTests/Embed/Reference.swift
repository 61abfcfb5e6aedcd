import FoundationEssentials

/// What `Tests/Reference/reference.py` computed: the answers of other people's code for real text.
struct Reference: Decodable, Sendable {
    struct Line: Decodable, Sendable {
        var text: String
        var ids: [Int32]
    }

    struct Passage: Decodable, Sendable {
        var text: String
        var vector: [Float]
    }

    var scripts: [String]
    var lines: [Line]
    var passages: [Passage]

    /// Reads the file that the environment names; a test that needs it fails without.
    static func load() throws -> Reference {
        let path = try Setting.reference.value()
        return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: URL(filePath: path)))
    }
}

/// An environment variable that tests need.
enum Setting: String {
    case model = "CORPUSD_MODEL"
    case reference = "CORPUSD_REFERENCE"
    case office = "CORPUSD_OFFICE"

    func value() throws -> String {
        guard let value = ProcessInfo.processInfo.environment[self.rawValue], !value.isEmpty else {
            throw Missing(setting: self)
        }
        return value
    }

    struct Missing: Error, CustomStringConvertible {
        var setting: Setting

        var description: String {
            let hint =
                switch self.setting {
                case .model: "the directory that 'scripts/get-model' installs"
                case .reference: "the file that 'Tests/Reference/reference.py' writes"
                case .office: "the folder that 'Tests/Fixtures/make-office' fills"
                }
            return "'\(self.setting.rawValue)' is not set: name \(hint), or run 'make test'"
        }
    }
}
