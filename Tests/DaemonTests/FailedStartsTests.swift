import Daemon
import Glibc
import Logging
import Testing

@Suite("Starts that fail")
struct FailedStartsTests {
    /// A folder as the service manager makes it.
    private final class RuntimeFolder {
        let path: String

        init() throws {
            var template = Array("/tmp/failed-starts-XXXXXX".utf8CString)
            self.path = try String(cString: #require(mkdtemp(&template)))
        }

        deinit {
            unlink("\(self.path)/failed-starts")
            rmdir(self.path)
        }

        var starts: FailedStarts { FailedStarts(folder: self.path, logger: Logger(label: "test")) }

        func write(_ text: String) throws {
            let file = try #require(fopen("\(self.path)/failed-starts", "w"))
            fputs(text, file)
            fclose(file)
        }
    }

    @Test(arguments: [
        (0, 0), (1, 0), (2, 5), (3, 10), (4, 20), (5, 40), (7, 160), (8, 300), (9, 300), (1_000, 300), (Int.max, 300),
    ])
    func pausesGrowAndEnd(failures: Int, seconds: Int) {
        #expect(FailedStarts.pause(after: failures) == .seconds(seconds))
    }

    @Test func theCountOutlivesTheProcess() async throws {
        let folder = try RuntimeFolder()
        #expect(await folder.starts.count() == 0)
        await folder.starts.add(to: 0)
        await folder.starts.add(to: 1)
        #expect(await folder.starts.count() == 2)
    }

    @Test func aGoodStartBeginsAnew() async throws {
        let folder = try RuntimeFolder()
        await folder.starts.add(to: 6)
        await folder.starts.forget()
        #expect(await folder.starts.count() == 0)
        await folder.starts.forget()
        #expect(await folder.starts.count() == 0)
    }

    @Test(arguments: [
        ("", 0), ("many", 0), ("-3", 0), ("99999", 1_000), ("99999999999999999999999", 1_000), ("7\n", 0),
    ])
    func aDamagedCountDoesNoHarm(text: String, count: Int) async throws {
        let folder = try RuntimeFolder()
        try folder.write(text)
        #expect(await folder.starts.count() == count)
    }

    @Test func aFolderThatIsNotThereCountsNothing() async {
        let starts = FailedStarts(folder: "/nowhere/at/all", logger: Logger(label: "test"))
        await starts.add(to: 3)
        #expect(await starts.count() == 0)
    }
}
