import Connectors
import Testing

@Suite("File fingerprints")
struct FileFingerprintTests {
    private static let one = FileFingerprint(size: 1, modified: -2, inode: 3, device: 4, changed: 5)

    @Test(arguments: [Self.one, FileFingerprint(size: -1, modified: .min, inode: .max, device: .max, changed: .max)])
    func readsWhatItWrote(_ fingerprint: FileFingerprint) {
        #expect(FileFingerprint(fingerprint.description) == fingerprint)
    }

    /// Ledgers of before the change time was kept.
    @Test func unknownChangeTimeIsLeftOut() {
        let old = FileFingerprint(size: 1, modified: -2, inode: 3, device: 4)
        #expect(old.description == "1:-2:3:4")
        #expect(FileFingerprint("1:-2:3:4") == old)
        #expect(Self.one.isUntouched(since: old) && old.isUntouched(since: Self.one))
    }

    @Test(arguments: [
        "", "1:2:3", "1:2:3:4:", "1:2:3:4:x", "1:2:3:4:-5", "1:2:3:4:5:6", "1:2:-3:4:5", "1:2:3:4:4294967296",
    ])
    func refusesWhatItDidNotWrite(_ text: String) {
        #expect(FileFingerprint(text) == nil)
    }

    @Test func onlyTheChangeTimeShowsWhatSetsTheOtherBack() {
        var other = Self.one
        other.changed += 1
        #expect(!other.isUntouched(since: Self.one))
        #expect(other.isSameVersion(as: Self.one) && other.isSameFile(as: Self.one))
        other = Self.one
        other.modified += 1
        #expect(!other.isUntouched(since: Self.one) && !other.isSameVersion(as: Self.one))
        other.inode += 1
        #expect(!other.isSameFile(as: Self.one))
    }

    @Test func digestsOfTicksDiffer() {
        let tick: Int64 = 4_000_000
        let times = (0..<100_000).map { 1_700_000_000_000_000_000 + $0 * tick }
        #expect(Set(times.map(FileFingerprint.digest)).count > 99_990)
        #expect(FileFingerprint.digest(0) == 1, "0 stands for a time that is not known")
        #expect(FileFingerprint.digest(1_700_000_000_123_456_789) == FileFingerprint.digest(1_700_000_000_123_456_789))
    }
}
