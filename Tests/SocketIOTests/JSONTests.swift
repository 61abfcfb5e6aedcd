import SocketIO
import Testing

@Suite("JSON")
struct JSONTests {
    struct Case: CustomTestStringConvertible {
        let text: String
        let value: JSONValue
        var testDescription: String { self.text }
    }

    @Test(arguments: [
        Case(text: "null", value: nil), Case(text: " true ", value: true), Case(text: "false", value: false),
        Case(text: "0", value: 0), Case(text: "-12", value: -12), Case(text: "1.5", value: 1.5),
        Case(text: "1e3", value: 1_000.0), Case(text: "-2.5E-1", value: -0.25),
        Case(text: "9223372036854775807", value: .int(.max)),
        Case(text: "9223372036854775808", value: 9.223372036854775808e18),
        Case(text: #""""#, value: ""), Case(text: #""aé😀""#, value: "aé😀"),
        Case(text: #""\"\\\/\b\f\n\r\t""#, value: "\"\\/\u{8}\u{C}\n\r\t"),
        Case(text: #""\u00e9\ud83d\ude00""#, value: "é😀"),
        Case(text: #""\ud83dx""#, value: "\u{FFFD}x"), Case(text: #""\ude00""#, value: "\u{FFFD}"),
        Case(text: #""\ud83d\ud83d\ude00""#, value: "\u{FFFD}😀"), Case(text: #""\ud83d\n""#, value: "\u{FFFD}\n"),
        Case(text: "[]", value: []), Case(text: "[1,[2],{}]", value: [1, [2], [:]]),
        Case(text: #"{"a":1,"b":{"c":[]}}"#, value: ["a": 1, "b": ["c": []]]),
        Case(text: #"{"a":1,"a":2}"#, value: ["a": 2]), Case(text: "[\n1 ,\t2\r]", value: [1, 2]),
    ])
    func parses(_ example: Case) throws {
        #expect(try JSONValue(parsing: Array(example.text.utf8)) == example.value)
    }

    @Test(arguments: [
        ("", JSONError.unexpectedEnd), ("[", .unexpectedEnd), ("[1", .unexpectedEnd), (#""a"#, .unexpectedEnd),
        ("[1,]", .unexpectedByte(0x5D, at: 3)), ("{,}", .unexpectedByte(0x2C, at: 1)),
        (#"{"a"}"#, .unexpectedByte(0x7D, at: 4)), ("[1 2]", .unexpectedByte(0x32, at: 3)),
        ("nul", .unexpectedEnd), ("nulx", .unexpectedByte(0x78, at: 3)), ("1 1", .trailingBytes(at: 2)),
        ("01", .invalidNumber(at: 0)), ("-", .invalidNumber(at: 0)), ("1.", .invalidNumber(at: 0)),
        ("1e", .invalidNumber(at: 0)), ("+1", .unexpectedByte(0x2B, at: 0)), ("NaN", .unexpectedByte(0x4E, at: 0)),
        (#""\x""#, .invalidEscape(at: 2)), (#""\u12g4""#, .invalidEscape(at: 5)),
        ("\"\n\"", .unexpectedByte(0x0A, at: 1)), ("'a'", .unexpectedByte(0x27, at: 0)),
    ])
    func refuses(_ text: String, _ expected: JSONError) {
        #expect(throws: expected) { try JSONValue(parsing: Array(text.utf8)) }
    }

    @Test func valuesAreReadAsWhatTheyAre() {
        let value: JSONValue = [
            "int": 3, "double": 1.5, "string": "s", "bool": true, "array": [1], "object": ["k": 1],
            "binary": .binary([7]),
        ]
        #expect(value["int"]?.int == 3)
        #expect(value["int"]?.double == 3)
        #expect(value["double"]?.double == 1.5)
        #expect(value["double"]?.int == nil)
        #expect(value["string"]?.double == nil)
        #expect(value["string"]?.string == "s")
        #expect(value["bool"]?.bool == true)
        #expect(value["array"]?.array == [1])
        #expect(value["object"]?.object == ["k": 1])
        #expect(value["binary"]?.binary == [7])
        #expect(value["missing"] == nil)
        #expect(JSONValue.null["k"] == nil)
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        #expect(throws: JSONError.invalidUTF8(at: 1)) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
        #expect(throws: JSONError.invalidUTF8(at: 1)) { try JSONValue(parsing: [0x22, 0x5C, 0x6E, 0xC3, 0x22]) }
    }

    @Test(arguments: ["\"", "\\", "\n", "\u{1F}", "\u{0}", "\u{7F}", "é", "\u{20}"])
    func everyPlaceInAStringIsLookedAt(_ special: String) throws {
        for length in 0..<34 {
            for place in 0...length {
                let text =
                    String(repeating: "x", count: place) + special + String(repeating: "y", count: length - place)
                let written = JSONValue.string(text).encoded()
                #expect(try JSONValue(parsing: written) == .string(text))
                let isEscaped = ["\"", "\\", "\n", "\u{1F}", "\u{0}"].contains(special)
                #expect((written.count == text.utf8.count + 2) == !isEscaped, "\(length), \(place)")
            }
        }
    }

    @Test func controlCharactersAreFoundBehindAnyBeginning() {
        for place in 0..<20 {
            let text = "\"" + String(repeating: "x", count: place) + "\u{1F}\""
            #expect(throws: JSONError.unexpectedByte(0x1F, at: place + 1)) { try JSONValue(parsing: Array(text.utf8)) }
        }
    }

    @Test func nestingIsBounded() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try JSONValue(parsing: nested(64), maxDepth: 64)
        #expect(throws: JSONError.tooDeep(at: 64)) { try JSONValue(parsing: nested(65), maxDepth: 64) }
        #expect(throws: JSONError.tooDeep(at: 64)) { try JSONValue(parsing: nested(1_000_000), maxDepth: 64) }
    }

    @Test func longNumberIsRefused() {
        let digits = String(repeating: "9", count: 401)
        #expect(throws: JSONError.invalidNumber(at: 0)) { try JSONValue(parsing: Array(digits.utf8)) }
    }

    @Test(
        arguments: [
            (JSONValue.null, "null"), (true, "true"), (-3, "-3"), (1.5, "1.5"), (.double(.infinity), "null"),
            ("a\"\\\n\u{1}\u{1F}é", #""a\"\\\n\u0001\u001fé""#), ([1, "a", [:]], #"[1,"a",{}]"#),
            (["b": 1, "a": [nil]], #"{"a":[null],"b":1}"#),
            ([.binary([1]), .binary([2])], #"[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#),
        ] as [(JSONValue, String)])
    func writes(_ value: JSONValue, _ text: String) {
        #expect(String(decoding: value.encoded(), as: UTF8.self) == text)
    }
}
