import Daemon
import Testing

@Suite("What the service manager says")
struct ServiceEnvironmentTests {
    private func read(_ variables: [String: String]) -> ServiceEnvironment {
        ServiceEnvironment(variables, processID: 42)
    }

    @Test func nothingIsNothing() {
        #expect(self.read([:]) == ServiceEnvironment())
    }

    @Test(arguments: [
        ("/run/systemd/notify", true), ("@/org/notify", true), ("", false), ("/", false), ("@", false),
        ("run/notify", false), ("vsock:2:1", false),
    ])
    func socketIsAPathOrAnAbstractName(name: String, isTaken: Bool) {
        #expect(self.read(["NOTIFY_SOCKET": name]).notifySocket == (isTaken ? name : nil))
    }

    @Test(arguments: [
        (["WATCHDOG_USEC": "2000000"], Duration.seconds(2)),
        (["WATCHDOG_USEC": "1500", "WATCHDOG_PID": "42"], .microseconds(1_500)),
        (["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "41"], nil),
        (["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "x"], nil),
        (["WATCHDOG_USEC": "0"], nil),
        (["WATCHDOG_USEC": "-1"], nil),
        (["WATCHDOG_USEC": "soon"], nil),
        (["WATCHDOG_PID": "42"], nil),
    ])
    func watchdogIsForThisProcess(variables: [String: String], timeout: Duration?) {
        #expect(self.read(variables).watchdogTimeout == timeout)
    }

    @Test(arguments: [
        ("/run/corpusd", "/run/corpusd"), ("/run/corpusd:/run/other", "/run/corpusd"), ("", nil), (":/run/b", nil),
        ("run/corpusd", nil),
    ])
    func theFirstRuntimeFolderIsTaken(text: String, folder: String?) {
        #expect(self.read(["RUNTIME_DIRECTORY": text]).runtimeFolder == folder)
    }

    @Test(arguments: [
        (["LISTEN_PID": "42", "LISTEN_FDS": "1"], [CInt(3)]),
        (["LISTEN_PID": "42", "LISTEN_FDS": "3", "LISTEN_FDNAMES": "a:b:c"], [3, 4, 5]),
        (["LISTEN_PID": "41", "LISTEN_FDS": "1"], []),
        (["LISTEN_FDS": "1"], []),
        (["LISTEN_PID": "42"], []),
        (["LISTEN_PID": "42", "LISTEN_FDS": "0"], []),
        (["LISTEN_PID": "42", "LISTEN_FDS": "-1"], []),
        (["LISTEN_PID": "42", "LISTEN_FDS": "2147483647"], []),
    ])
    func socketsAreForThisProcess(variables: [String: String], descriptors: [CInt]) {
        #expect(self.read(variables).descriptors == descriptors)
    }
}
