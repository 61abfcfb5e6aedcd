import Connectors
import SeededRandom
import Testing

@Suite("Known files")
struct KnownFilesTests {
    private static func file(_ number: UInt64, inode: UInt64? = nil) -> KnownFiles.File {
        KnownFiles.File(
            id: FileID(high: 0, low: number),
            fingerprint: FileFingerprint(
                size: 1, modified: 2, inode: inode ?? number, device: 3, changed: UInt32(truncatingIfNeeded: number))
        )
    }

    @Test func renamingADirectoryMovesWhatIsInItAndNothingElse() {
        var known = KnownFiles()
        for (number, path) in ["d/a", "d/e/b", "dd", "x"].enumerated() {
            known.set(Self.file(UInt64(number)), at: RelativePath(path))
        }
        #expect(known.move(RelativePath("d"), to: RelativePath("n/m")) == [])
        #expect(known[RelativePath("n/m/a")]?.id == FileID(high: 0, low: 0))
        #expect(known[RelativePath("n/m/e/b")]?.isStale == true)
        #expect(known[RelativePath("d/a")] == nil)
        #expect(known[RelativePath("dd")]?.isStale == false)
        #expect(known.count == 4)
    }

    @Test func fileAtTheTargetKeepsItsID() {
        var known = KnownFiles()
        known.set(Self.file(1), at: RelativePath("a"))
        known.set(Self.file(2), at: RelativePath("b"))
        #expect(known.move(RelativePath("a"), to: RelativePath("b")) == [FileID(high: 0, low: 1)])
        #expect(known[RelativePath("b")]?.id == FileID(high: 0, low: 2))
        #expect(known[RelativePath("b")]?.isStale == true)
    }

    @Test func hardLinksAreFoundByTheirInode() {
        var known = KnownFiles()
        known.set(Self.file(1, inode: 9), at: RelativePath("a"))
        known.set(Self.file(2, inode: 9), at: RelativePath("b"))
        known.set(Self.file(3, inode: 8), at: RelativePath("c"))
        let fingerprint = Self.file(0, inode: 9).fingerprint
        #expect(Set(known.paths(with: fingerprint, limit: 9)) == [RelativePath("a"), RelativePath("b")])
        #expect(known.paths(with: fingerprint, limit: 1).count == 1)
    }

    @Test func passTellsWhatItHasNotSeen() {
        var known = KnownFiles()
        for number in 0..<3 { known.set(Self.file(UInt64(number)), at: RelativePath("\(number)")) }
        known.beginPass()
        known.markSeen(RelativePath("0"))
        known.set(Self.file(9), at: RelativePath("9"))
        #expect(Set(known.unseen()) == [RelativePath("1"), RelativePath("2")])
    }

    @Test func behavesLikeADictionary() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        var known = KnownFiles()
        var model: [RelativePath: KnownFiles.File] = [:]
        for step in 0..<20_000 {
            let name = String(repeating: "n", count: Int.random(in: 1...30, using: &random))
            let path = RelativePath("\(name)/\(Int.random(in: 0..<40, using: &random))")
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1, 2:
                let file = Self.file(UInt64(step), inode: UInt64.random(in: 0..<50, using: &random))
                known.set(file, at: path)
                model[path] = file
            default:
                #expect(known.remove(path) == model.removeValue(forKey: path), "seed \(seed)")
            }
        }
        #expect(known.count == model.count, "seed \(seed)")
        #expect(model.allSatisfy { known[$0.key] == $0.value }, "seed \(seed)")
        for inode in 0..<UInt64(50) {
            let found = known.paths(with: Self.file(0, inode: inode).fingerprint, limit: .max)
            let expected = model.filter { $0.value.fingerprint.inode == inode }.map(\.key)
            #expect(Set(found) == Set(expected) && found.count == expected.count, "seed \(seed)")
        }
    }
}
