import CSandbox
import Glibc
import SystemPackage

/// Takes from the calling process what its document must not reach: the network, other processes, all files but its own.
///
/// For good, and for whatever the process becomes. It needs no right, and works for root, too, and inside a sandbox
/// of the service manager. Landlock keeps the files, a filter of system calls the rest; where the kernel has only one
/// of them, the process goes on with that.
package enum Confinement {
    /// Libraries, character sets, fonts and data of the tools; no document, no configuration.
    private static let readable = [
        "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/dev/urandom",
    ]
    private static let writable = ["/dev/null"]

    /// What the kernel cannot keep a parser from, for people; empty if all is well.
    package static var gaps: [String] {
        (csandbox_landlock_version() == 0 ? ["files (no Landlock)"] : [])
            + (csandbox_has_filters() ? [] : ["network and other processes (no seccomp)"])
    }

    /// Confines the process; nothing of it may depend on other files afterwards.
    ///
    /// - Parameters:
    ///   - path: The document; nil if the process has it open already.
    ///   - tool: The program that the process becomes, if any; without one, it can become none.
    /// - Throws: What the system says when it refuses for another reason than not knowing how.
    static func apply(reading path: String?, becoming tool: String?) throws(Errno) {
        try Self.check(csandbox_forbid_privileges(), except: [])
        let programs = tool.map { ProgramInterpreter.chain(of: $0) } ?? []
        let files = Self.withCStrings(Self.readable + [path].compactMap { $0 }) { readable in
            Self.withCStrings(programs) { executable in
                Self.withCStrings(Self.writable) { writable in
                    var paths = csandbox_paths(readable: readable, executable: executable, writable: writable)
                    return csandbox_restrict_files(&paths)
                }
            }
        }
        // A container may forbid the calls that it does not know.
        try Self.check(files, except: [ENOSYS, EOPNOTSUPP, EPERM])
        try Self.check(csandbox_restrict_calls(tool != nil), except: [ENOSYS, EINVAL])
    }

    private static func check(_ code: CInt, except accepted: [CInt]) throws(Errno) {
        guard code == 0 || accepted.contains(code) else { throw Errno(rawValue: code) }
    }

    private static func withCStrings(
        _ strings: [String],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> CInt
    ) -> CInt {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        let pointers = copies.map { UnsafePointer($0) } + [nil]
        return pointers.withUnsafeBufferPointer { buffer in buffer.baseAddress.map(body) ?? EINVAL }
    }
}
