import Connectors
import Testing

@Suite("Drive requests")
struct DriveRequestTests {
    @Test(arguments: [
        (["a"], "'a' in parents and trashed=false"),
        (["a", "b"], "('a' in parents or 'b' in parents) and trashed=false"),
        (["it's"], "'it\\'s' in parents and trashed=false"),
        (["a\\"], "'a\\\\' in parents and trashed=false"),
    ])
    func expressionAsksForTheChildrenOfEachFolder(_ parents: [String], _ expected: String) {
        #expect(DriveQuery(parents: parents, driveID: nil).expression == expected)
    }

    @Test(arguments: [
        ("plain-1_2.~", "plain-1_2.~"), ("a b&c", "a%20b%26c"), ("ä/\u{1}", "%C3%A4%2F%01"), ("", ""),
    ])
    func encodesAllButUnreservedCharacters(_ text: String, _ expected: String) {
        #expect(DriveRequest.encoded(text) == expected)
    }

    @Test func listingOfASharedDriveNamesIt() {
        let query = DriveQuery(parents: ["a"], driveID: "0Drive", pageToken: "next")
        let target = DriveRequest.list(query).target
        for part in [
            "files?q=", "&pageSize=1000&", "&supportsAllDrives=true&", "&includeItemsFromAllDrives=true&",
            "&corpora=drive&driveId=0Drive&", "&pageToken=next&", "incompleteSearch",
        ] { #expect(target.contains(part), "\(part)") }
    }

    @Test func changesAskForRemovalsOfEveryDrive() {
        let target = DriveRequest.changes(after: "12", drive: nil).target
        for part in [
            "changes?pageToken=12&", "includeRemoved=true", "includeCorpusRemovals=true", "restrictToMyDrive=false",
            "spaces=drive",
            "supportsAllDrives=true", "includeItemsFromAllDrives=true", "newStartPageToken",
        ] { #expect(target.contains(part), "\(part)") }
        #expect(!target.contains("driveId=") && !target.contains("modifiedTime"))
    }

    @Test func resourceKeysOfSeveralFilesShareAHeader() {
        var request = DriveRequest("files/a")
        #expect(request.resourceKeyHeader == nil)
        request.resourceKeys = ["b": "k2", "a": "k1"]
        #expect(request.resourceKeyHeader == "a/k1,b/k2")
    }
}

@Suite("Refusals of Google")
struct DriveRefusalTests {
    private static func body(_ reason: String) -> String {
        #"{"error": {"code": 403, "message": "secret", "errors": [{"domain": "global", "reason": "\#(reason)"}]}}"#
    }

    @Test(arguments: [
        (403, Self.body("rateLimitExceeded"), DriveRefusal.Kind.tooManyRequests),
        (403, Self.body("userRateLimitExceeded"), .tooManyRequests),
        (429, "", .tooManyRequests),
        (403, Self.body("dailyLimitExceeded"), .permanent),
        (403, Self.body("insufficientFilePermissions"), .permanent),
        (403, Self.body("exportSizeLimitExceeded"), .exportTooLarge),
        (403, Self.body("cannotDownloadAbusiveFile"), .abusive),
        (401, Self.body("authError"), .unauthorized),
        (404, Self.body("notFound"), .notFound),
        (400, Self.body("invalid"), .permanent),
        (410, "gone", .permanent),
        (500, "<html>", .serverError),
        (503, "", .serverError),
    ])
    func kindFollowsStatusAndReason(_ status: Int, _ body: String, _ kind: DriveRefusal.Kind) {
        #expect(DriveRefusal(status: status, body: body.utf8).kind == kind)
    }

    @Test(arguments: [
        #"{"error": "invalid_grant", "error_description": "no"}"#, #"{"error": {"status": "invalid_grant"}}"#,
    ])
    func reasonIsReadFromEitherFormOfError(_ body: String) {
        #expect(DriveRefusal(status: 400, body: body.utf8).reason == "invalid_grant")
    }

    @Test(arguments: [Self.body("a secret\\n"), Self.body(""), Self.body(String(repeating: "x", count: 65)), "[]", "{"])
    func reasonIsAWordOrNothing(_ body: String) {
        #expect(DriveRefusal(status: 403, body: body.utf8).reason == nil)
    }
}
