import Connectors
import Testing

@Suite("Listing of folders")
struct DriveListingTests {
    private func page(_ count: Int = 1, next: String? = nil, incomplete: Bool? = nil) -> DriveFileList {
        let files = (0..<count).map { DriveFile(id: "f\($0)", name: "f", mimeType: "text/plain") }
        return DriveFileList(files: files, nextPageToken: next, incompleteSearch: incomplete)
    }

    private func listing(_ ids: [String], drive: String? = nil) -> DriveListing {
        var listing = DriveListing()
        listing.add(ids.map { ($0, drive) })
        return listing
    }

    @Test func asksForFiftyFoldersAtOnce() {
        var listing = self.listing((0..<120).map { "d\($0)" })
        var sizes: [Int] = []
        while let query = listing.next {
            sizes.append(query.parents.count)
            #expect(listing.didList(self.page()) == query.parents)
        }
        #expect(sizes == [50, 50, 20])
    }

    @Test func foldersOfDifferentDrivesAreAskedForApart() {
        var listing = DriveListing()
        listing.add([("a", nil), ("b", "0D"), ("c", nil)])
        #expect(listing.next == DriveQuery(parents: ["a", "c"], driveID: nil))
        _ = listing.didList(self.page())
        #expect(listing.next == DriveQuery(parents: ["b"], driveID: "0D"))
    }

    @Test func everyPageIsRead() {
        var listing = self.listing(["a", "b"])
        #expect(listing.didList(self.page(next: "p2")) == [])
        #expect(listing.next == DriveQuery(parents: ["a", "b"], driveID: nil, pageToken: "p2"))
        #expect(listing.didList(self.page(0)) == ["a", "b"])
        #expect(listing.next == nil)
    }

    @Test func anEmptyAnswerForSeveralFoldersIsNotBelieved() {
        var listing = self.listing(["a", "b"])
        #expect(listing.didList(self.page(0)) == [])
        #expect(listing.next == DriveQuery(parents: ["a"], driveID: nil))
        #expect(listing.didList(self.page(0)) == ["a"])
        #expect(listing.next == DriveQuery(parents: ["b"], driveID: nil))
        #expect(listing.didList(self.page(1)) == ["b"])
        #expect(listing.next == nil)
    }

    @Test func aRefusalForSeveralFoldersIsNarrowedDown() {
        var listing = self.listing(["a", "b"])
        #expect(listing.didFail() == nil)
        #expect(listing.didFail() == "a")
        #expect(listing.didList(self.page()) == ["b"])
    }

    @Test func aRefusedPageTokenBeginsTheQueryAnew() {
        var listing = self.listing(["a"])
        _ = listing.didList(self.page(next: "p2"))
        listing.restartQuery()
        #expect(listing.next == DriveQuery(parents: ["a"], driveID: nil))
    }

    @Test func oneIncompleteAnswerMakesTheListingIncomplete() {
        var listing = self.listing(["a"])
        _ = listing.didList(self.page(incomplete: false))
        #expect(!listing.isIncomplete)
        listing.add([("b", nil)])
        _ = listing.didList(self.page(incomplete: true))
        #expect(listing.isIncomplete)
    }
}
