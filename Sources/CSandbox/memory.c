#define _GNU_SOURCE
#include "csandbox.h"

#include <sys/mman.h>

int csandbox_memory_file(void) { return memfd_create("input", MFD_CLOEXEC); }
