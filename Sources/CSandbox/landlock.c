#define _GNU_SOURCE
#include "csandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// The kernel's interface (linux/landlock.h), which headers of older systems do not have in full.
// Source: Documentation/userspace-api/landlock.rst.

#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_add_rule 445
#define __NR_landlock_restrict_self 446
#endif

enum {
    CREATE_RULESET_VERSION = 1 << 0,
    RULE_PATH_BENEATH = 1,
};

enum {
    FS_EXECUTE = 1ULL << 0,
    FS_WRITE_FILE = 1ULL << 1,
    FS_READ_FILE = 1ULL << 2,
    FS_READ_DIR = 1ULL << 3,
    // Making and removing entries of every kind.
    FS_ENTRIES = ((1ULL << 13) - 1) & ~((1ULL << 4) - 1),
    // Since version 2: renaming and linking across directories.
    FS_REFER = 1ULL << 13,
    // Since version 3.
    FS_TRUNCATE = 1ULL << 14,
    // Since version 5: ioctl on devices.
    FS_IOCTL_DEV = 1ULL << 15,
    NET_BIND_TCP = 1ULL << 0,
    NET_CONNECT_TCP = 1ULL << 1,
    SCOPE_ABSTRACT_UNIX_SOCKET = 1ULL << 0,
    SCOPE_SIGNAL = 1ULL << 1,
};

struct ruleset {
    uint64_t fs;
    // Since version 4.
    uint64_t net;
    // Since version 6.
    uint64_t scoped;
};

struct path_beneath {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

int csandbox_landlock_version(void) {
    long version = syscall(__NR_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
    return version > 0 ? (int)version : 0;
}

int csandbox_forbid_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno; }

/// What this version of the kernel knows; what it does not know it would refuse.
static struct ruleset handled(int version, size_t *size) {
    struct ruleset rules = {.fs = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_READ_DIR | FS_ENTRIES};
    *size = sizeof rules.fs;
    if (version >= 2) rules.fs |= FS_REFER;
    if (version >= 3) rules.fs |= FS_TRUNCATE;
    if (version >= 4) {
        rules.net = NET_BIND_TCP | NET_CONNECT_TCP;
        *size = offsetof(struct ruleset, scoped);
    }
    if (version >= 5) rules.fs |= FS_IOCTL_DEV;
    if (version >= 6) {
        rules.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL;
        *size = sizeof rules;
    }
    return rules;
}

static int allow(int ruleset, const char *const *paths, uint64_t rights) {
    for (; *paths; paths++) {
        int descriptor = open(*paths, O_PATH | O_CLOEXEC);
        if (descriptor < 0) continue;
        struct stat status;
        struct path_beneath rule = {.allowed = rights, .parent = descriptor};
        if (fstat(descriptor, &status) == 0 && !S_ISDIR(status.st_mode)) {
            rule.allowed &= FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV;
        }
        long result = syscall(__NR_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0);
        int failure = errno;
        close(descriptor);
        if (result != 0) return failure;
    }
    return 0;
}

int csandbox_restrict_files(const struct csandbox_paths *paths) {
    size_t size;
    int version = csandbox_landlock_version();
    if (version == 0) return errno;
    const struct ruleset rules = handled(version, &size);
    int ruleset = (int)syscall(__NR_landlock_create_ruleset, &rules, size, 0);
    if (ruleset < 0) return errno;
    uint64_t reading = FS_READ_FILE | FS_READ_DIR;
    uint64_t writing = (rules.fs & ~(uint64_t)(FS_EXECUTE | FS_IOCTL_DEV)) | reading;
    int failure = allow(ruleset, paths->readable, reading);
    if (failure == 0) failure = allow(ruleset, paths->executable, FS_READ_FILE | FS_EXECUTE);
    if (failure == 0) failure = allow(ruleset, paths->writable, writing);
    if (failure == 0 && syscall(__NR_landlock_restrict_self, ruleset, 0) != 0) failure = errno;
    close(ruleset);
    return failure;
}
