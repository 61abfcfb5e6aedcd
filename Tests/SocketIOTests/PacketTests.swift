import SocketIO
import Testing

@Suite("Socket.IO packets")
struct PacketTests {
    struct Case: CustomTestStringConvertible {
        let text: String
        let packet: Packet
        var testDescription: String { self.text }

        init(_ text: String, _ content: Packet.Content) { self.init(text, "/", content) }

        init(_ text: String, _ namespace: String, _ content: Packet.Content) {
            self.text = text
            self.packet = Packet(namespace: namespace, content: content)
        }
    }

    @Test(arguments: [
        Case("0", .connect(auth: nil)),
        Case(#"0{"token":"x"}"#, .connect(auth: ["token": "x"])),
        Case("0/admin,", "/admin", .connect(auth: nil)),
        Case("0/admin", "/admin", .connect(auth: nil)),
        Case(#"0/admin,{"a":1}"#, "/admin", .connect(auth: ["a": 1])),
        Case("1", .disconnect),
        Case("1/admin,", "/admin", .disconnect),
        Case(#"2["hi"]"#, .event(name: "hi", arguments: [], id: nil)),
        Case(#"2["hi",1,null]"#, .event(name: "hi", arguments: [1, nil], id: nil)),
        Case(#"212["hi"]"#, .event(name: "hi", arguments: [], id: 12)),
        Case(#"2/a,7["hi"]"#, "/a", .event(name: "hi", arguments: [], id: 7)),
        Case("30[]", .acknowledgement(arguments: [], id: 0)),
        Case(#"3/a,13["x"]"#, "/a", .acknowledgement(arguments: ["x"], id: 13)),
        Case(#"50-["hi"]"#, .event(name: "hi", arguments: [], id: nil)),
    ])
    func decodesText(_ example: Case) throws {
        var decoder = PacketDecoder(limits: PacketLimits())
        #expect(try decoder.decode(text: Array(example.text.utf8)[...]) == example.packet)
    }

    @Test(arguments: [
        ("", PacketError.empty), ("9", .unknownType(0x39)), ("x", .unknownType(0x78)), ("4{}", .wrongDirection),
        ("0[]", .invalidPayload), ("0\"a\"", .invalidPayload), ("1{}", .invalidPayload), ("2", .invalidPayload),
        ("2{}", .invalidPayload), ("2[]", .invalidPayload), ("2[1]", .invalidPayload), ("2[", .json(.unexpectedEnd)),
        (#"2["connect"]"#, .reservedEvent("connect")), (#"2["disconnecting"]"#, .reservedEvent("disconnecting")),
        (#"2["connect_error"]"#, .reservedEvent("connect_error")), (#"2["disconnect"]"#, .reservedEvent("disconnect")),
        (#"2["newListener"]"#, .reservedEvent("newListener")),
        (#"2["removeListener",1]"#, .reservedEvent("removeListener")),
        ("3[]", .invalidID), ("31{}", .invalidPayload), ("5[\"a\"]", .invalidAttachmentCount),
        ("5-[\"a\"]", .invalidAttachmentCount), ("51[\"a\"]", .invalidAttachmentCount),
        ("511-[\"a\"]", .tooManyAttachments(11)), ("4", .wrongDirection),
        ("4599999-[\"a\"]", .wrongDirection), ("5599999-[\"a\"]", .tooManyAttachments(599_999)),
        ("5999999999999999999999999999999-[\"a\"]", .invalidAttachmentCount),
        ("2999999999999999999999999999999[\"a\"]", .invalidID), ("29007199254740992[\"a\"]", .invalidID),
        ("2/a,x", .json(.unexpectedByte(0x78, at: 4))),
    ])
    func refuses(_ text: String, _ expected: PacketError) {
        var decoder = PacketDecoder(limits: PacketLimits())
        #expect(throws: expected) { try decoder.decode(text: Array(text.utf8)[...]) }
    }

    @Test func namespacesOfOnePacketAfterAnotherAreToldApart() throws {
        var decoder = PacketDecoder(limits: PacketLimits())
        for namespace in ["/a", "/a", "/b", "/ab", "/", "/é", "/é", "/", "/a"] {
            let text = namespace == "/" ? #"2["e"]"# : "2\(namespace),[\"e\"]"
            #expect(try decoder.decode(text: Array(text.utf8)[...])?.namespace == namespace)
        }
    }

    @Test func longNamespaceIsRefused() {
        var decoder = PacketDecoder(limits: PacketLimits())
        let text = "0/" + String(repeating: "a", count: 256)
        #expect(throws: PacketError.invalidNamespace) { try decoder.decode(text: Array(text.utf8)[...]) }
    }

    @Test func deepPayloadIsRefused() {
        var decoder = PacketDecoder(limits: PacketLimits())
        let text = "2[\"a\"," + String(repeating: "[", count: 5_000)
        #expect(throws: PacketError.json(.tooDeep(at: 69))) { try decoder.decode(text: Array(text.utf8)[...]) }
    }

    @Test func attachmentsTakeThePlaceOfTheirPlaceholders() throws {
        var decoder = PacketDecoder(limits: PacketLimits())
        let text = #"52-/a,3["file",{"b":{"_placeholder":true,"num":1}},[{"_placeholder":true,"num":0}]]"#
        #expect(try decoder.decode(text: Array(text.utf8)[...]) == nil)
        #expect(try decoder.decode(binary: [1]) == nil)
        #expect(
            try decoder.decode(binary: [2])
                == Packet(
                    namespace: "/a",
                    content: .event(name: "file", arguments: [["b": .binary([2])], [.binary([1])]], id: 3)))
    }

    @Test func attachmentsMustComeAtOnceAndOnlyWhenAnnounced() throws {
        var decoder = PacketDecoder(limits: PacketLimits())
        #expect(throws: PacketError.unexpectedBinary) { try decoder.decode(binary: [1]) }
        _ = try decoder.decode(text: Array(#"51-["a",{"_placeholder":true,"num":0}]"#.utf8)[...])
        #expect(throws: PacketError.unexpectedText) { try decoder.decode(text: Array(#"2["a"]"#.utf8)[...]) }
    }

    @Test(arguments: [#"{"_placeholder":true,"num":1}"#, #"{"_placeholder":true,"num":-1}"#, #"{"_placeholder":true}"#])
    func placeholderWithoutAttachmentIsRefused(_ placeholder: String) throws {
        var decoder = PacketDecoder(limits: PacketLimits())
        _ = try decoder.decode(text: Array(#"51-["a",\#(placeholder)]"#.utf8)[...])
        #expect(throws: PacketError.invalidPlaceholder) { try decoder.decode(binary: [1]) }
    }

    @Test func placeholderThatStandsTwiceIsRefused() throws {
        var decoder = PacketDecoder(limits: PacketLimits())
        let placeholder = #"{"_placeholder":true,"num":0}"#
        let text = #"52-["a",\#(placeholder),[\#(placeholder)]]"#
        #expect(try decoder.decode(text: Array(text.utf8)[...]) == nil)
        #expect(try decoder.decode(binary: [1]) == nil)
        #expect(throws: PacketError.invalidPlaceholder) { try decoder.decode(binary: [2]) }
    }

    @Test func answersMayCarryAttachments() throws {
        var decoder = PacketDecoder(limits: PacketLimits())
        _ = try decoder.decode(text: Array(#"61-/a,4[[{"_placeholder":true,"num":0}],{"k":1}]"#.utf8)[...])
        #expect(decoder.isWaitingForAttachments)
        #expect(
            try decoder.decode(binary: [7])
                == Packet(
                    namespace: "/a", content: .acknowledgement(arguments: [[.binary([7])], ["k": 1]], id: 4)))
        #expect(!decoder.isWaitingForAttachments)
    }

    @Test func attachmentsAreBoundedInBytes() throws {
        var decoder = PacketDecoder(limits: PacketLimits(attachmentBytes: 3))
        _ = try decoder.decode(text: Array(#"52-["a",{"_placeholder":true,"num":0}]"#.utf8)[...])
        _ = try decoder.decode(binary: [1, 2])
        #expect(throws: PacketError.attachmentsTooLarge(4)) { try decoder.decode(binary: [3, 4]) }
    }

    @Test(arguments: [
        (EncodedPacket.event("hi", .none, namespace: "/"), #"2["hi"]"#),
        (.event("hi", EventPayload(json: #"{"a":1}"#), namespace: "/n"), #"2/n,["hi",{"a":1}]"#),
        (.event("a\"b", EventPayload(arguments: [1, "x"]), namespace: "/", id: 4), #"24["a\"b",1,"x"]"#),
        (.acknowledgement(.none, namespace: "/", id: 3), "33[]"),
        (.acknowledgement(EventPayload(true), namespace: "/n", id: 3), "3/n,3[true]"),
    ])
    func encodes(_ packet: EncodedPacket, _ text: String) {
        #expect(String(decoding: packet.text, as: UTF8.self) == text)
        #expect(packet.attachments == [])
    }

    @Test func encodesBinaryBesideTheText() {
        let packet = EncodedPacket.event("hi", EventPayload(["b": .binary([1, 2])]), namespace: "/n", id: 5)
        #expect(
            String(decoding: packet.text, as: UTF8.self) == #"51-/n,5["hi",{"b":{"_placeholder":true,"num":0}}]"#)
        #expect(packet.attachments == [[1, 2]])
        let answer = EncodedPacket.acknowledgement(EventPayload(.binary([])), namespace: "/", id: 1)
        #expect(String(decoding: answer.text, as: UTF8.self) == #"61-1[{"_placeholder":true,"num":0}]"#)
    }
}
