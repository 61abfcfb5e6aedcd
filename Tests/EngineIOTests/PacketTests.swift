import EngineIO
import Testing

@Suite("Engine.IO packets")
struct PacketTests {
    struct Case: CustomTestStringConvertible {
        let text: String
        let expected: Result<Packet, PacketError>
        var testDescription: String { "\(self.text.debugDescription) → \(self.expected)" }
    }

    @Test(arguments: [
        Case(text: "4hello", expected: .success(.message(.text(Array("hello".utf8)[...])))),
        Case(text: "4", expected: .success(.message(.text([])))),
        Case(text: "1", expected: .success(.close)),
        Case(text: "2", expected: .success(.ping([]))),
        Case(text: "2probe", expected: .success(.ping(Packet.probe))),
        Case(text: "3", expected: .success(.pong([]))),
        Case(text: "3probe", expected: .success(.pong(Packet.probe))),
        Case(text: "5", expected: .success(.upgrade)),
        Case(text: "6", expected: .success(.noop)),
        Case(text: "", expected: .failure(.empty)),
        Case(text: "0{}", expected: .failure(.unknownType(0x30))),
        Case(text: "9", expected: .failure(.unknownType(0x39))),
        Case(text: "abc", expected: .failure(.unknownType(0x61))),
        Case(text: "5x", expected: .failure(.unexpectedBody(type: 0x35))),
        Case(text: "2prob", expected: .failure(.unexpectedBody(type: 0x32))),
    ])
    func decodesText(_ example: Case) {
        let actual = Result { () throws(PacketError) in try Packet(text: Array(example.text.utf8)[...]) }
        #expect(actual == example.expected)
    }

    @Test(arguments: [
        Case(text: "bAQIDBA==", expected: .success(.message(.binary([1, 2, 3, 4])))),
        Case(text: "bAQIDBA", expected: .success(.message(.binary([1, 2, 3, 4])))),
        Case(text: "b", expected: .success(.message(.binary([])))),
        Case(text: "b!", expected: .failure(.invalidBase64)),
        Case(text: "4hi", expected: .success(.message(.text(Array("hi".utf8)[...])))),
    ])
    func decodesPartsOfAPayload(_ example: Case) {
        let actual = Result { () throws(PacketError) in try Packet(payloadPart: Array(example.text.utf8)[...]) }
        #expect(actual == example.expected)
    }

    @Test func binaryFramesAreMessages() throws {
        #expect(try Packet(frame: .binary([0x34, 0xFF])) == .message(.binary([0x34, 0xFF])))
    }
}
