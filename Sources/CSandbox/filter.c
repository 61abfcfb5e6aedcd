#include "csandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Source: seccomp(2), Documentation/userspace-api/seccomp_filter.rst.

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifndef SECCOMP_RET_KILL_PROCESS
#define SECCOMP_RET_KILL_PROCESS 0x80000000U
#endif
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#define REFUSE(code) (SECCOMP_RET_ERRNO | ((code) & SECCOMP_RET_DATA))

enum { X32_CALLS = 0x40000000, LONGEST_FILTER = 512 };

bool csandbox_has_filters(void) { return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0; }

#ifdef ARCHITECTURE

/// What no parser of documents needs: the network, other processes, and the system's settings.
static const int refused[] = {
    // The network, and every other way to talk to another process.
    __NR_socket, __NR_socketpair, __NR_connect, __NR_bind, __NR_listen, __NR_accept, __NR_accept4,
    __NR_shmget, __NR_shmat, __NR_msgget, __NR_msgsnd, __NR_semget, __NR_mq_open,
    // Other processes.
    __NR_ptrace, __NR_process_vm_readv, __NR_process_vm_writev, __NR_kcmp, __NR_tkill, __NR_rt_sigqueueinfo,
    __NR_rt_tgsigqueueinfo, __NR_setpgid, __NR_setsid, __NR_setpriority, __NR_ioprio_set,
    // Rights, namespaces and mounts.
    __NR_unshare, __NR_setns, __NR_mount, __NR_umount2, __NR_pivot_root, __NR_chroot,
    __NR_setuid, __NR_setgid, __NR_setreuid, __NR_setregid, __NR_setresuid, __NR_setresgid, __NR_setgroups,
    __NR_setfsuid, __NR_setfsgid, __NR_capset, __NR_keyctl, __NR_add_key, __NR_request_key,
    // What Landlock of older kernels does not cover.
    __NR_fchmod, __NR_fchmodat, __NR_fchown, __NR_fchownat, __NR_setxattr, __NR_lsetxattr, __NR_fsetxattr,
    __NR_removexattr, __NR_lremovexattr, __NR_fremovexattr, __NR_utimensat, __NR_truncate, __NR_mknodat,
    __NR_fanotify_init, __NR_inotify_init1, __NR_open_by_handle_at, __NR_name_to_handle_at,
    // The kernel's own.
    __NR_bpf, __NR_perf_event_open, __NR_userfaultfd, __NR_init_module, __NR_finit_module, __NR_delete_module,
    __NR_kexec_load, __NR_reboot, __NR_swapon, __NR_swapoff, __NR_syslog, __NR_acct, __NR_quotactl,
    __NR_settimeofday, __NR_clock_settime, __NR_clock_adjtime, __NR_adjtimex, __NR_sethostname,
    __NR_setdomainname, __NR_personality, __NR_vhangup, __NR_memfd_create,
#ifdef __NR_io_uring_setup
    __NR_io_uring_setup, __NR_io_uring_enter, __NR_io_uring_register,
#endif
#ifdef __NR_pidfd_send_signal
    __NR_pidfd_send_signal,
#endif
#ifdef __NR_pidfd_getfd
    __NR_pidfd_getfd,
#endif
#ifdef __NR_process_madvise
    __NR_process_madvise,
#endif
#ifdef __NR_kexec_file_load
    __NR_kexec_file_load,
#endif
#ifdef __NR_move_mount
    __NR_move_mount, __NR_open_tree, __NR_fsopen, __NR_fsmount, __NR_fspick,
#endif
#ifdef __NR_mount_setattr
    __NR_mount_setattr,
#endif
#ifdef __x86_64__
    // The calls of old that others have replaced.
    __NR_chmod, __NR_chown, __NR_lchown, __NR_mknod, __NR_utime, __NR_utimes, __NR_futimesat, __NR_inotify_init,
    __NR_iopl, __NR_ioperm, __NR_modify_ldt, __NR_uselib, __NR_ustat, __NR_sysfs,
#endif
};

/// A filter as it is put together; a jump's distances count the instructions behind it.
struct program {
    struct sock_filter code[LONGEST_FILTER];
    unsigned short length;
    /// Whether an instruction found no room: the filter must not be used.
    bool is_too_long;
};

static void add(struct program *program, uint16_t code, uint32_t value, uint8_t if_true, uint8_t if_false) {
    if (program->length == LONGEST_FILTER) {
        program->is_too_long = true;
        return;
    }
    program->code[program->length++] = (struct sock_filter){code, if_true, if_false, value};
}

static void load(struct program *program, size_t offset) {
    add(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void answer(struct program *program, uint32_t action) { add(program, BPF_RET | BPF_K, action, 0, 0); }

/// Refuses one system call; the number is loaded.
static void refuse(struct program *program, int call, int code) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 1);
    answer(program, REFUSE(code));
}

/// The lower half of an argument; both architectures put it first.
static size_t argument(int index) { return offsetof(struct seccomp_data, args) + (size_t)index * sizeof(uint64_t); }

/// Allows one system call only where its first argument has this value, a process's own id; the number is loaded.
static void allow_for(struct program *program, int call, uint32_t value) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 4);
    load(program, argument(0));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    answer(program, SECCOMP_RET_ALLOW);
    answer(program, REFUSE(EPERM));
}

/// Refuses one system call whose argument has one of these bits; the number is loaded.
static void refuse_bits(struct program *program, int call, int index, uint32_t bits) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 4);
    load(program, argument(index));
    add(program, BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1);
    answer(program, REFUSE(EPERM));
    answer(program, SECCOMP_RET_ALLOW);
}

/// Refuses to set limits, but not to read them: the new limits' address is not NULL; the number is loaded.
static void refuse_limits(struct program *program) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, __NR_prlimit64, 0, 6);
    load(program, argument(2));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3);
    load(program, argument(2) + sizeof(uint32_t));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1);
    answer(program, SECCOMP_RET_ALLOW);
    answer(program, REFUSE(EPERM));
}

static void check_architecture(struct program *program) {
    load(program, offsetof(struct seccomp_data, arch));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    answer(program, SECCOMP_RET_KILL_PROCESS);
    load(program, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
    add(program, BPF_JMP | BPF_JGE | BPF_K, X32_CALLS, 0, 1);
    answer(program, SECCOMP_RET_KILL_PROCESS);
#endif
}

int csandbox_restrict_calls(bool may_execute) {
    struct program program = {.length = 0};
    const uint32_t namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER
        | CLONE_NEWPID | CLONE_NEWNET;
    check_architecture(&program);
    for (size_t index = 0; index < sizeof refused / sizeof *refused; index++) {
        refuse(&program, refused[index], EPERM);
    }
    if (!may_execute) {
        refuse(&program, __NR_execve, EPERM);
        refuse(&program, __NR_execveat, EPERM);
    }
    // Its flags lie in memory, where a filter cannot look; who gets this answer uses the older call.
#ifdef __NR_clone3
    refuse(&program, __NR_clone3, ENOSYS);
#endif
    refuse_bits(&program, __NR_clone, 0, namespaces);
    // What abort() and raise() do.
    allow_for(&program, __NR_kill, (uint32_t)getpid());
    allow_for(&program, __NR_tgkill, (uint32_t)getpid());
    refuse_limits(&program);
    refuse(&program, __NR_setrlimit, EPERM);
    answer(&program, SECCOMP_RET_ALLOW);
    if (program.is_too_long) { return E2BIG; }
    struct sock_fprog filter = {.len = program.length, .filter = program.code};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0 ? 0 : errno;
}

#else

int csandbox_restrict_calls(bool may_execute) {
    (void)may_execute;
    return ENOSYS;
}

#endif
