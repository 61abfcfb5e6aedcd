#ifndef CSANDBOX_H
#define CSANDBOX_H

#include <stdbool.h>

/// Which version of Landlock the kernel has and lets the process use; 0 for none.
int csandbox_landlock_version(void);

/// Whether the kernel takes filters of system calls from the process.
bool csandbox_has_filters(void);

/// Gives up gaining privileges by running programs, for good. Both functions below need it.
///
/// Returns 0, or an error number.
int csandbox_forbid_privileges(void);

/// What a process may do with files from now on; each list ends with NULL, and a path that is not there counts as none.
struct csandbox_paths {
    /// Files, and directories with all below them, that may be read.
    const char *const *readable;
    /// Programs that may be run, with the loader they need.
    const char *const *executable;
    /// Directories in which files may be made, changed and removed.
    const char *const *writable;
};

/// Takes all files away but those named, for good and for whatever the process becomes.
///
/// Returns 0, ENOSYS or EOPNOTSUPP where the kernel has no Landlock, or another error number.
int csandbox_restrict_files(const struct csandbox_paths *paths);

/// Takes away every system call that reaches the network, other processes or the system's settings.
///
/// With `may_execute`, the process may still become another program. What is taken away answers EPERM; a call by way
/// of another architecture's numbers ends the process. Returns 0, or an error number.
int csandbox_restrict_calls(bool may_execute);

/// Opens an empty file without a name, in memory, which is not passed on to programs.
///
/// Returns its descriptor, or -1 with the reason in errno.
int csandbox_memory_file(void);

#endif
