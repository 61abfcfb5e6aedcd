import Daemon
import Testing

@Suite("The version")
struct VersionReportTests {
    @Test(arguments: [
        (VersionReport.Database(path: "/a"), "not there yet; the first start makes it"),
        (VersionReport.Database(path: "/a", schema: 999), "schema 999, newer than "),
        (VersionReport.Database(path: "/a", schema: 1), "schema 1; the next start brings it to "),
    ])
    func theVersionOfADatabaseIsExplained(database: VersionReport.Database, words: String) {
        #expect(VersionReport(database: database).text.contains("\ndatabase '/a': \(words)"))
    }
}
