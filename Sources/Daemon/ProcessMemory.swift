import Glibc
import SystemPackage

/// What the kernel says of this process's memory.
enum ProcessMemory {
    /// Resident bytes, or nil where `/proc` is not mounted.
    ///
    /// Source: proc(5), `/proc/[pid]/statm`, second field.
    static func residentBytes() -> Int? {
        guard let file = try? FileDescriptor.open("/proc/self/statm", .readOnly) else { return nil }
        defer { try? file.close() }
        return withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { buffer in
            guard let count = try? file.read(into: buffer) else { return nil }
            let fields = buffer.prefix(count).split(separator: UInt8(ascii: " "))
            guard fields.count > 1, let pages = Int(String(decoding: fields[1], as: UTF8.self)) else { return nil }
            return pages * sysconf(Int32(_SC_PAGESIZE))
        }
    }
}
