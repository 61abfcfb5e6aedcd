import FoundationEssentials
import Processing
import Testing

@Suite("Safetensors")
struct SafetensorsTests {
    static let good = #"{"__metadata__":{"format":"pt"},"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#

    /// A file of a header, with its length in front, and data.
    static func file(_ header: String, length: UInt64? = nil, data: [UInt8] = [0, 0, 128, 63, 0, 0, 0, 64]) -> [UInt8] {
        let length = length ?? UInt64(header.utf8.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + Array(header.utf8) + data
    }

    struct Case: CustomTestStringConvertible {
        var name: String
        var file: [UInt8]
        var reason: String
        var testDescription: String { self.name }
    }

    static func entry(_ rest: String) -> [UInt8] { Self.file(#"{"t":{"# + rest + "}}") }

    static let cases = [
        Case(name: "empty", file: [], reason: "it has 0 bytes, too few for a header"),
        Case(name: "short", file: [1, 2, 3], reason: "it has 3 bytes, too few for a header"),
        Case(
            name: "huge header",
            file: Self.file(Self.good, length: .max),
            reason: "its header claims 18446744073709551615 bytes"
        ),
        Case(
            name: "header beyond the end",
            file: Self.file(Self.good, length: 500),
            reason: "its header claims 500 bytes"
        ),
        Case(
            name: "header is not JSON",
            file: Self.file("not JSON"),
            reason: "its header is not the JSON of a safetensors file"
        ),
        Case(
            name: "header nested deeply",
            file: Self.file(String(repeating: "[", count: 200_000)),
            reason: "its header is not the JSON of a safetensors file"
        ),
        Case(name: "no tensor", file: Self.file("{}"), reason: "it has no tensor 't'"),
        Case(
            name: "another type",
            file: Self.entry(#""dtype":"F16","shape":[2],"data_offsets":[0,8]"#),
            reason: "its tensor 't' is not F32 of shape [2]"
        ),
        Case(
            name: "another shape",
            file: Self.entry(#""dtype":"F32","shape":[1,2],"data_offsets":[0,8]"#),
            reason: "its tensor 't' is not F32 of shape [2]"
        ),
        Case(
            name: "offsets in reverse",
            file: Self.entry(#""dtype":"F32","shape":[2],"data_offsets":[8,0]"#),
            reason: "its tensor 't' does not have 8 bytes"
        ),
        Case(
            name: "offsets that overflow",
            file: Self.entry(#""dtype":"F32","shape":[2],"data_offsets":[-9223372036854775808,8]"#),
            reason: "its tensor 't' does not have 8 bytes"
        ),
        Case(
            name: "offsets beyond the end",
            file: Self.entry(#""dtype":"F32","shape":[2],"data_offsets":[9223372036854775799,9223372036854775807]"#),
            reason: "it ends inside tensor 't'"
        ),
        Case(name: "truncated", file: Self.file(Self.good).dropLast(), reason: "it ends inside tensor 't'"),
        Case(
            name: "not finite",
            file: Self.file(Self.good, data: [0, 0, 128, 127, 0, 0, 0, 64]),
            reason: "its tensor 't' has values that are not finite"
        ),
    ]

    @Test(arguments: Self.cases)
    func damagedFileIsRefused(_ example: Case) throws {
        try TemporaryFolder.with { folder in
            let path = "\(folder)/model.safetensors"
            try Data(example.file).write(to: URL(filePath: path))
            let error = #expect(throws: ModelError.self) {
                let file = try Safetensors(path: path)
                _ = try file.tensor("t", 2)
            }
            #expect(
                error?.description == "cannot use the embedding model's file '\(path)': \(example.reason); "
                    + "remove it and run 'make model', or reinstall the package 'corpusd-model-minilm'"
            )
        }
    }

    @Test func tensorIsRead() throws {
        try TemporaryFolder.with { folder in
            let path = "\(folder)/model.safetensors"
            try Data(Self.file(Self.good)).write(to: URL(filePath: path))
            let file = try Safetensors(path: path)
            let values = try file.tensor("t", 2)
            #expect(values == [1, 2])
        }
    }
}
