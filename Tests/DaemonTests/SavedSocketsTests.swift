import Daemon
import Testing

@Suite("What is saved of the sockets")
struct SavedSocketsTests {
    @Test(arguments: [
        SavedSockets(grants: "", pipelines: [], sockets: []),
        SavedSockets(grants: "0a", pipelines: ["local_files docs"], sockets: Array("bytes\n\nwith lines\n".utf8)),
        SavedSockets(grants: "f", pipelines: ["local_files docs", "google_drive mail"], sockets: [0, 10, 10, 255]),
    ])
    func isReadBack(_ saved: SavedSockets) {
        #expect(SavedSockets(decoding: saved.encoded()) == saved)
    }

    @Test(arguments: ["", "grants 0a", "grants 0a\nlocal_files docs\n", "a\nb\nc", "local_files docs\n\nbytes"])
    func bytesWithoutGrantsOrAnEndOfTheListAreRefused(_ text: String) {
        #expect(SavedSockets(decoding: Array(text.utf8)) == nil)
    }
}
