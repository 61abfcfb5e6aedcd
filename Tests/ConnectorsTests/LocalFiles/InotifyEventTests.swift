import Connectors
import Testing

@Suite("Inotify events")
struct InotifyEventTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let expected: Result<[InotifyEvent], TruncatedInotifyEvent>
        var testDescription: String { self.name }
    }

    @Test(arguments: [
        Case(name: "nothing", bytes: [], expected: .success([])),
        Case(
            name: "an overflow has no watch and no name",
            bytes: event(watch: -1, mask: 0x4000),
            expected: .success([InotifyEvent(watch: -1, mask: .overflowed)])
        ),
        Case(
            name: "the padding is not part of the name",
            bytes: event(watch: 3, mask: 0x100, name: "a.txt", length: 16),
            expected: .success([InotifyEvent(watch: 3, mask: .created, name: Array("a.txt".utf8))])
        ),
        Case(
            name: "two halves of a rename",
            bytes: event(watch: 1, mask: 0x40, cookie: 77, name: "a", length: 16)
                + event(watch: 2, mask: 0x4000_0080, cookie: 77, name: "b", length: 32),
            expected: .success([
                InotifyEvent(watch: 1, mask: .movedFrom, cookie: 77, name: Array("a".utf8)),
                InotifyEvent(watch: 2, mask: [.movedTo, .isDirectory], cookie: 77, name: Array("b".utf8)),
            ])
        ),
        Case(
            name: "a name without padding",
            bytes: event(watch: 1, mask: 8, name: "abcd", length: 4),
            expected: .success([InotifyEvent(watch: 1, mask: .closedAfterWriting, name: Array("abcd".utf8))])
        ),
        Case(
            name: "half a header",
            bytes: Array(event(watch: 1, mask: 8).prefix(15)),
            expected: .failure(TruncatedInotifyEvent(offset: 0))
        ),
        Case(
            name: "a name that is cut off",
            bytes: event(watch: 1, mask: 8) + event(watch: 1, mask: 8, name: "abc", length: 16).dropLast(),
            expected: .failure(TruncatedInotifyEvent(offset: 16))
        ),
        Case(
            name: "a length beyond all memory",
            bytes: event(watch: 1, mask: 8, length: 0, claimed: .max),
            expected: .failure(TruncatedInotifyEvent(offset: 0))
        ),
    ])
    func decodes(_ example: Case) {
        let actual = Result { () throws(TruncatedInotifyEvent) in try InotifyEvent.decode(example.bytes) }
        #expect(actual == example.expected)
    }

    private static func event(
        watch: Int32,
        mask: UInt32,
        cookie: UInt32 = 0,
        name: String = "",
        length: Int = 0,
        claimed: UInt32? = nil
    ) -> [UInt8] {
        let header = [UInt32(bitPattern: watch), mask, cookie, claimed ?? UInt32(length)]
        let padding = [UInt8](repeating: 0, count: length - name.utf8.count)
        return header.flatMap { value in withUnsafeBytes(of: value) { Array($0) } } + Array(name.utf8) + padding
    }
}
