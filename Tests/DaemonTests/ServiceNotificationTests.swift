import Daemon
import Foundation
import Glibc
import Logging
import Testing

@Suite("Telling the service manager")
struct ServiceNotificationTests {
    @Test(arguments: [
        (ServiceNotification.ready, "READY=1\n"),
        (.stopping, "STOPPING=1\n"),
        (.watchdog, "WATCHDOG=1\n"),
        (.reloading(at: .microseconds(7_000_001)), "RELOADING=1\nMONOTONIC_USEC=7000001\n"),
        (.extendTimeout(.seconds(60)), "EXTEND_TIMEOUT_USEC=60000000\n"),
        (.status("watching 2 pipelines"), "STATUS=watching 2 pipelines\n"),
        (.status("a\nREADY=1\u{1B}[m"), "STATUS=a READY=1 [m\n"),
        (.status(String(repeating: "a", count: 1_000)), "STATUS=\(String(repeating: "a", count: 400))\n"),
    ])
    func isLines(_ notification: ServiceNotification, _ text: String) {
        #expect(notification.text == text)
    }

    /// A service manager's end: a datagram socket at a path or an abstract name.
    private final class Manager {
        let name: String
        private let descriptor: CInt

        init(isAbstract: Bool) throws {
            let path = NSTemporaryDirectory() + "notify-\(UUID().uuidString)"
            self.name = isAbstract ? "@\(path)" : path
            self.descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            var bytes = Array(self.name.utf8)
            if isAbstract { bytes[0] = 0 }
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
            let length = socklen_t(2 + bytes.count + (isAbstract ? 0 : 1))
            let result = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(self.descriptor, $0, length) }
            }
            try #require(result == 0)
        }

        deinit {
            close(self.descriptor)
            if self.name.hasPrefix("/") { unlink(self.name) }
        }

        /// The datagram that came first, nil if none is there.
        func receive() -> String? {
            var buffer = [UInt8](repeating: 0, count: 4_096)
            let count = recv(self.descriptor, &buffer, buffer.count, CInt(MSG_DONTWAIT))
            return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
        }
    }

    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test(arguments: [false, true])
    func notificationsOfOneCallAreOneDatagram(isAbstract: Bool) throws {
        let manager = try Manager(isAbstract: isAbstract)
        let notifier = ServiceNotifier(manager.name, logger: self.logger)
        #expect(notifier.isActive)
        notifier.send(.ready, .status("watching"))
        #expect(manager.receive() == "READY=1\nSTATUS=watching\n")
        #expect(manager.receive() == nil)
    }

    @Test func statusIsSentWhenItChanges() throws {
        let manager = try Manager(isAbstract: false)
        let notifier = ServiceNotifier(manager.name, logger: self.logger)
        for status in ["a", "a", "b", "a"] { notifier.send(.status(status)) }
        #expect(
            [manager.receive(), manager.receive(), manager.receive()] == ["STATUS=a\n", "STATUS=b\n", "STATUS=a\n"])
        #expect(manager.receive() == nil)
    }

    @Test func stoppingIsRemembered() {
        let notifier = ServiceNotifier(nil, logger: self.logger)
        #expect(!notifier.isActive)
        #expect(!notifier.isStopping)
        notifier.send(.stopping)
        #expect(notifier.isStopping)
    }

    @Test(arguments: ["/nonexistent/socket", "/" + String(repeating: "a", count: 200)])
    func managerThatIsGoneIsNoError(name: String) {
        ServiceNotifier(name, logger: self.logger).send(.ready)
    }
}
