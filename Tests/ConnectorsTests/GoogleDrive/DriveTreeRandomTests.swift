import Connectors
import SeededRandom
import Testing

@Suite("Tree of a Drive that changes at random")
struct DriveTreeRandomTests {
    /// Does what a source does: applies changes, lists new folders, looks up targets.
    private func follow(_ changes: [DriveChange], of drive: SimulatedDrive, _ tree: inout DriveTree) {
        for change in changes {
            if let file = change.file { tree.put(file) } else if let id = change.fileId { tree.remove(id) }
        }
        while true {
            tree.settle()
            let folders = tree.unlistedFolders.map(\.id)
            let targets = tree.missingTargets
            if folders.isEmpty && targets.isEmpty { return }
            for folder in folders {
                for child in drive.children(of: folder) { tree.put(child) }
                tree.didList(folder)
            }
            for target in targets {
                if let file = drive.get(target), !file.isTrashed, !file.isShortcut {
                    tree.put(file)
                } else {
                    tree.didMiss(target: target)
                }
            }
        }
    }

    @Test func whatIsFollowedIsWhatAFreshListingFinds() {
        let seed = Fuzz.seed("DriveTree")
        var generator = SplitMix64(seed: seed)
        for _ in 0..<Fuzz.iterations(40) {
            var drive = SimulatedDrive(generator: SplitMix64(seed: generator.next()))
            var tree = DriveTree(roots: [DriveTree.Root(id: SimulatedDrive.root)]) { _ in true }
            var known: Set<String> = []
            var position = 0
            for _ in 0..<30 {
                for _ in 0..<Int.random(in: 1...12, using: &generator) { drive.change() }
                var changes = drive.changes(from: position)
                // Drive repeats entries and does not keep their order.
                changes += changes.filter { _ in Bool.random(using: &generator) }
                changes.shuffle(using: &generator)
                position = drive.log.count
                self.follow(changes, of: drive, &tree)
                for id in tree.takeTouched() {
                    if tree.path(ofFile: id) == nil { known.remove(id) } else { known.insert(id) }
                }
                var fresh = DriveTree(roots: [DriveTree.Root(id: SimulatedDrive.root)]) { _ in true }
                self.follow([], of: drive, &fresh)
                let members = drive.members
                #expect(known == members)
                for id in members { #expect(tree.path(ofFile: id) == fresh.path(ofFile: id)) }
                guard known == members else { return }
            }
        }
    }
}
