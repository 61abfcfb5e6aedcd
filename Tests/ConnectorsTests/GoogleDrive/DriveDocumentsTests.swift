import Connectors
import Foundation
import Ingest
import Testing

@Suite("Documents of a Drive")
struct DriveDocumentsTests {
    private static let pipeline = PipelineID("drive")

    private func tree(_ files: DriveFile...) -> DriveTree {
        var tree = DriveTree(roots: [DriveTree.Root(id: "root")]) { _ in true }
        tree.settle()
        for file in files { tree.put(file) }
        return tree
    }

    private func documents(
        include: [String] = [],
        exports: ExportFormats = ExportFormats(),
        known: [LedgerEntry] = []
    ) throws -> DriveDocuments {
        DriveDocuments(
            pipeline: Self.pipeline, filter: try FileFilter(include: include), exports: exports, known: known
        )
    }

    private func google(_ kind: String) -> DriveFile {
        DriveFile(id: "g", name: "Doc", mimeType: "application/vnd.google-apps.\(kind)", parents: ["root"], version: 7)
    }

    @Test func aFileIsOfferedOnceUntilItChanges() throws {
        var documents = try self.documents()
        let before = self.tree(DriveTreeTests.file("a", in: "root"))
        #expect(documents.changes(of: ["a"], in: before).count == 1)
        #expect(documents.changes(of: ["a"], in: before).isEmpty)
        let renamed = self.tree(DriveTreeTests.file("a", in: "root", name: "b"))
        guard case .upserted(let document)? = documents.changes(of: ["a"], in: renamed).first else {
            Issue.record("a renamed file is not offered")
            return
        }
        #expect(document.path == "b" && document.fingerprint == "md5:m1")
        documents.noteMissing(in: self.tree())
        #expect(documents.gone(from: self.tree()).lost == ["a"])
        // It is there after all.
        #expect(documents.gone(from: renamed).lost.isEmpty)
        #expect(documents.remove(["a"]) == [.removed(document.id)] && !documents.isKnown("a"))
    }

    @Test func whatTheLedgerKnowsIsNotOfferedAgain() throws {
        var first = try self.documents()
        let tree = self.tree(DriveTreeTests.file("a", in: "root"))
        guard case .upserted(let document)? = first.changes(of: ["a"], in: tree).first else { return }
        var fetched = document
        fetched.size = 12
        let entry = LedgerEntry(
            document: fetched, state: .skipped(reason: "test"), contentHash: nil, mediaType: nil, updatedAt: Date()
        )
        var second = try self.documents(known: [entry])
        #expect(second.changes(of: ["a"], in: tree).isEmpty)
        #expect(second.isKnown("a") && second.count == 1)
    }

    @Test func aHeldDocumentIsReleasedWhenItsFileIsBack() throws {
        var documents = try self.documents()
        let tree = self.tree(DriveTreeTests.file("a", in: "root"))
        guard case .upserted(let document)? = documents.changes(of: ["a"], in: tree).first else { return }
        #expect(documents.hold(["a"]) == [document.id] && documents.presentCount == 0)
        documents.noteMissing(in: self.tree())
        #expect(documents.gone(from: self.tree()).lost.isEmpty)
        #expect(documents.takeReturned().isEmpty)
        #expect(documents.changes(of: ["a"], in: tree).isEmpty)
        #expect(documents.takeReturned() == [document.id] && documents.presentCount == 1)
    }

    @Test func whatTheConfigurationLeavesAloneIsNobodysLoss() throws {
        var first = try self.documents()
        let tree = self.tree(DriveTreeTests.file("a", in: "root", name: "a.txt"))
        guard case .upserted(let document)? = first.changes(of: ["a"], in: tree).first else { return }
        let entry = LedgerEntry(
            document: document, state: .skipped(reason: "test"), contentHash: nil, mediaType: nil, updatedAt: Date()
        )
        var second = try self.documents(include: ["*.md"], known: [entry])
        second.noteMissing(in: self.tree())
        let gone = second.gone(from: self.tree())
        #expect(gone.lost.isEmpty && gone.deselected == ["a"])
    }

    @Test(arguments: [
        ("document", "export:markdown:7"), ("spreadsheet", "export:xlsx:7"), ("presentation", "export:text:7"),
        ("form", nil), ("drawing", nil), ("map", nil),
    ])
    func googleFormatsAreExportedOrLeftAlone(_ kind: String, _ fingerprint: String?) throws {
        #expect(try self.documents().document("g", in: self.tree(self.google(kind)))?.fingerprint == fingerprint)
    }

    @Test func aKindThatIsSwitchedOffIsNoDocument() throws {
        let documents = try self.documents(exports: ExportFormats(spreadsheets: nil))
        #expect(documents.document("g", in: self.tree(self.google("spreadsheet"))) == nil)
    }

    @Test func patternsSpeakOfPaths() throws {
        let documents = try self.documents(include: ["*.md"])
        let tree = self.tree(
            DriveTreeTests.file("a", in: "root", name: "a.md"), DriveTreeTests.file("b", in: "root", name: "b.txt")
        )
        #expect(documents.document("a", in: tree) != nil && documents.document("b", in: tree) == nil)
    }

    @Test(arguments: [
        DriveFingerprint(content: .checksum("00ff"), resourceKey: nil),
        DriveFingerprint(content: .checksum("00ff"), resourceKey: "0-key:with:colons"),
        DriveFingerprint(content: .version(12), resourceKey: nil),
        DriveFingerprint(content: .export(.docx, 3), resourceKey: "k"),
    ])
    func aFingerprintReadsWhatItWrote(_ fingerprint: DriveFingerprint) {
        #expect(DriveFingerprint(fingerprint.text) == fingerprint)
    }

    @Test(arguments: ["", "md5", "version:x", "export:pdf:1", "export:text", "size:12"])
    func anotherTextIsNoFingerprint(_ text: String) {
        #expect(DriveFingerprint(text) == nil)
    }

    @Test func aCursorReadsWhatItWrote() throws {
        let cursor = DriveCursor(scope: "s", tokens: ["user": "12", "0Drive": "a\"b"], sharedDrives: ["0Drive"])
        #expect(DriveCursor(try cursor.text) == cursor)
        let old = DriveCursor(scope: "s", tokens: ["user": "12"], sharedDrives: nil)
        #expect(DriveCursor(#"{"scope": "s", "tokens": {"user": "12"}}"#) == old)
        #expect(DriveCursor("12") == nil)
    }
}
