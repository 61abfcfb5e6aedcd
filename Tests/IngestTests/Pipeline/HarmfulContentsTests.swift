import FoundationEssentials
import Ingest
import Testing

@Suite("Harmful contents")
struct HarmfulContentsTests {
    private static let crash = DocumentFailure(
        type: "ParserCrashed",
        message: "the parser crashed",
        stage: .extraction,
        isRetryable: false
    )

    private func entry(_ failure: DocumentFailure, hash: String?) -> LedgerEntry {
        LedgerEntry(
            document: .test("a"),
            state: .failed(failure, attempt: 1, nextAttemptAt: nil),
            contentHash: hash,
            mediaType: nil,
            updatedAt: Date(timeIntervalSince1970: 0)
        )
    }

    @Test func remembersByContentUntilItIsForgotten() {
        let contents = HarmfulContents()
        contents.record(Self.crash, of: "abc")
        #expect(contents.failure(of: "abc") == Self.crash)
        #expect(contents.failure(of: "abd") == nil)
        contents.forget("abc")
        #expect(contents.failure(of: "abc") == nil)
    }

    @Test func learnsFromTheLedger() {
        let contents = HarmfulContents()
        contents.learn(from: [self.entry(Self.crash, hash: "abc"), self.entry(Self.crash, hash: nil)])
        #expect(contents.failure(of: "abc") == Self.crash)
    }

    /// What may go well at the next attempt, or is no parser's fault, is not held against the content.
    @Test(arguments: [
        DocumentFailure(type: "ParserCrashed", message: "", stage: .extraction, isRetryable: true),
        DocumentFailure(type: "ParserCrashed", message: "", stage: .embedding, isRetryable: false),
        DocumentFailure(type: "Encrypted", message: "", stage: .extraction, isRetryable: false),
    ])
    func otherFailuresAreNotRemembered(failure: DocumentFailure) {
        let contents = HarmfulContents()
        contents.record(failure, of: "abc")
        contents.learn(from: [self.entry(failure, hash: "abd")])
        #expect(contents.failure(of: "abc") == nil)
        #expect(contents.failure(of: "abd") == nil)
    }
}
