import CSandbox
import Glibc
import SystemPackage

/// The descriptors a child process gets beside its output: its input, and a pipe for its errors.
///
/// They are made here because Subprocess 1.0 ends the whole program when the second of its own pipes cannot be made,
/// and waits for ever where it gets no descriptor of the process; so nothing is started without descriptors to spare.
/// The pipe holds 64 KiB and is read only at the end: what a child writes beyond them is lost, and it never waits.
struct ChildDescriptors: ~Copyable {
    /// How many descriptors must be free besides: more than Subprocess uses for a child and to watch it.
    private static let spare = 24

    let input: FileDescriptor
    let errors: FileDescriptor
    private let errorsReadEnd: FileDescriptor

    /// - Parameter bytes: What the child can read; a file in memory, so that nobody has to feed it.
    /// - Throws: What the system says when it has nothing to spare.
    init(input bytes: [UInt8] = []) throws(Errno) {
        try Self.checkSpare()
        let input = bytes.isEmpty ? open("/dev/null", O_RDONLY | O_CLOEXEC) : try Self.memory(bytes)
        guard input >= 0 else { throw Errno(rawValue: errno) }
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else {
            let failure = errno
            close(input)
            throw Errno(rawValue: failure)
        }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        self.input = FileDescriptor(rawValue: input)
        self.errorsReadEnd = FileDescriptor(rawValue: ends[0])
        self.errors = FileDescriptor(rawValue: ends[1])
    }

    deinit {
        for descriptor in [self.input, self.errors, self.errorsReadEnd] { try? descriptor.close() }
    }

    private static func memory(_ bytes: [UInt8]) throws(Errno) -> CInt {
        let descriptor = csandbox_memory_file()
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        do {
            let file = FileDescriptor(rawValue: descriptor)
            try file.writeAll(bytes)
            try file.seek(offset: 0, from: .start)
        } catch {
            close(descriptor)
            throw error as? Errno ?? .ioError
        }
        return descriptor
    }

    private static func checkSpare() throws(Errno) {
        var opened: [CInt] = []
        defer { for descriptor in opened { close(descriptor) } }
        while opened.count < self.spare {
            let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Errno(rawValue: errno) }
            opened.append(descriptor)
        }
    }

    /// What is in the pipe now; call once, when the child has ended.
    func diagnostics() -> [UInt8] {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while result.count < 1 << 16 {
            let count = (try? buffer.withUnsafeMutableBytes { try self.errorsReadEnd.read(into: $0) }) ?? 0
            guard count > 0 else { break }
            result += buffer[..<count]
        }
        return result
    }
}
