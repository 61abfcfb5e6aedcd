import Daemon
import Testing

@Suite("What is saved of the sockets")
struct SavedSocketsTests {
    @Test(arguments: [
        SavedSockets(pipelines: [], sockets: []),
        SavedSockets(pipelines: ["local_files docs"], sockets: Array("bytes\n\nwith lines\n".utf8)),
        SavedSockets(pipelines: ["local_files docs", "google_drive mail"], sockets: [0, 10, 10, 255]),
    ])
    func isReadBack(_ saved: SavedSockets) {
        #expect(SavedSockets(decoding: saved.encoded()) == saved)
    }

    @Test(arguments: ["", "local_files docs", "local_files docs\n", "a\nb\nc"])
    func bytesWithoutAnEndOfTheListAreRefused(_ text: String) {
        #expect(SavedSockets(decoding: Array(text.utf8)) == nil)
    }
}
