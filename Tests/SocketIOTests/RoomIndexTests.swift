import SocketIO
import Testing

@Suite("Rooms")
struct RoomIndexTests {
    @Test func memberOfSeveralRoomsIsFoundOnce() {
        var rooms = RoomIndex<Int>()
        rooms.join(1, ["a", "b"])
        rooms.join(2, ["b"])
        #expect(rooms.members(ofAny: ["a", "b", "c"]) == [1, 2])
        #expect(rooms.members(ofAny: []) == [])
        #expect(rooms.rooms(of: 1) == ["a", "b"])
    }

    @Test func emptyRoomsAreForgotten() {
        var rooms = RoomIndex<Int>()
        rooms.join(1, ["a", "b"])
        rooms.leave(1, ["a", "zzz"])
        #expect(rooms.members(ofAny: ["a"]) == [])
        rooms.leaveAll(1)
        #expect(rooms.count == 0)
        #expect(rooms.rooms(of: 1) == [])
    }
}
