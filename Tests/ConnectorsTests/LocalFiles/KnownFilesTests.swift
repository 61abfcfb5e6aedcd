import Connectors
import Ingest
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

    @Test func presentFilesAreCounted() {
        var known = KnownFiles()
        for number in 0..<4 { known.set(Self.file(UInt64(number)), at: RelativePath("d/\(number)")) }
        known.setHold(.held, at: RelativePath("d/0"))
        known.setHold(.held, at: RelativePath("d/1"))
        #expect(known.presentCount == 2)
        known.setHold(.kept, at: RelativePath("d/0"))
        _ = known.move(RelativePath("d"), to: RelativePath("e"))
        #expect(known.presentCount == 2)
        known.set(Self.file(9), at: RelativePath("e/0"))
        _ = known.remove(RelativePath("e/1"))
        #expect(known.presentCount == 3 && known.count == 3)
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
            let fingerprint = Self.file(0, inode: inode).fingerprint
            let expected = model.filter { $0.value.fingerprint.isSameVersion(as: fingerprint) }
            #expect(Set(found) == Set(expected.keys) && found.count == expected.count, "seed \(seed)")
        }
    }

    /// Files and directories of a small tree are made, removed and renamed over each other.
    @Test func behavesLikeADictionaryWhenDirectoriesMove() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        var known = KnownFiles()
        var model: [RelativePath: KnownFiles.File] = [:]
        for step in 0..<5_000 {
            let path = Self.path(using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                known.set(Self.file(UInt64(step)), at: path)
                model[path] = Self.file(UInt64(step))
            case 2:
                #expect(known.remove(path) == model.removeValue(forKey: path), "seed \(seed)")
            default:
                let target = Self.path(using: &random)
                guard !target.isWithin(path), !path.isWithin(target) else { continue }
                #expect(Set(known.move(path, to: target)) == Self.move(path, to: target, in: &model), "seed \(seed)")
            }
            let place = Self.path(using: &random)
            let found = known.paths(within: place)
            #expect(Set(found) == Set(model.keys.filter { $0.isWithin(place) }), "seed \(seed)")
            #expect(found.count == Set(found).count && known.count == model.count, "seed \(seed)")
        }
        #expect(model.allSatisfy { known[$0.key] == $0.value }, "seed \(seed)")
    }

    private static func path(using random: inout SplitMix64) -> RelativePath {
        let depth = Int.random(in: 1...4, using: &random)
        let names = (0..<depth).map { _ in Bool.random(using: &random) ? "a" : "b" }
        return RelativePath(names.joined(separator: "/"))
    }

    private static func move(
        _ source: RelativePath,
        to target: RelativePath,
        in model: inout [RelativePath: KnownFiles.File]
    ) -> Set<FileID> {
        var orphans: Set<FileID> = []
        for (path, file) in model where path.isWithin(source) {
            model[path] = nil
            let moved = path.moved(from: source, to: target)
            if model[moved] != nil { orphans.insert(file.id) } else { model[moved] = file }
            model[moved]?.isStale = true
        }
        return orphans
    }
}
