// What a mode costs the server, read from the kernel at the mode's first and last moment; one line of JSON for each.

#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// After a mode nothing more may come: a delivery that arrives in this time, in seconds, came twice.
static const double quiet = 0.1;

// A server that has sent nothing for so long at the end of its time, in ns, is not late: what is missing is lost.
static const uint64_t silence = 1000000000;

struct reading {
    uint64_t time, server, self;  // ns, the last two of processor time
    double user;                  // s of the server's, in the kernel's ticks
};

static uint64_t clock_read(clockid_t clock)
{
    struct timespec time;
    if (clock_gettime(clock, &time) < 0) fail("cannot read a clock: %s", strerror(errno));
    return time.tv_sec * 1000000000ull + time.tv_nsec;
}

uint64_t now(void) { return clock_read(CLOCK_MONOTONIC); }

static double server_user_time(void)
{
    char path[64];
    unsigned long ticks = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", run.server);
    FILE *file = fopen(path, "r");
    // The 14th field; the second, the name in parentheses, is one word for all servers here.
    if (!file || fscanf(file, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu", &ticks) != 1)
        fail("cannot read '%s'", path);
    fclose(file);
    return (double)ticks / sysconf(_SC_CLK_TCK);
}

static struct reading reading(void)
{
    clockid_t server;
    if (clock_getcpuclockid(run.server, &server)) fail("the server, process %d, is gone", run.server);
    return (struct reading){now(), clock_read(server), clock_read(CLOCK_PROCESS_CPUTIME_ID), server_user_time()};
}

static unsigned long server_resident(void)
{
    char path[64], line[256];
    unsigned long kilobytes = 0;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", run.server);
    FILE *file = fopen(path, "r");
    if (!file) fail("cannot read '%s': %s", path, strerror(errno));
    while (fgets(line, sizeof line, file) && sscanf(line, "Rss: %lu", &kilobytes) != 1) continue;
    fclose(file);
    return kilobytes;
}

static bool never(void) { return false; }

static void print(const char *mode, struct reading start, struct reading end)
{
    printf("{\"mode\":\"%s\",\"transport\":\"%s\",\"clients\":%u,\"seconds\":%.6f,\"cpu\":%.6f,\"user\":%.2f,"
           "\"generator_cpu\":%.6f,\"resident_kb\":%lu",
        mode, run.polling ? "polling" : "websocket", run.clients, (end.time - start.time) / 1e9,
        (end.server - start.server) / 1e9, end.user - start.user, (end.self - start.self) / 1e9, server_resident());
}

void measure_connect(void (*connect)(void), double idle)
{
    unsigned long before = server_resident();
    struct reading start = reading();
    connect();
    struct reading end = reading();
    clients_serve(never, idle);
    print("connect", start, end);
    printf(",\"resident_before_kb\":%lu}\n", before);
    fflush(stdout);
}

void measure_mode(const struct mode *mode)
{
    clients_serve(never, quiet);
    struct reading start = reading();
    run.mode = mode;
    mode->begin();
    bool complete = clients_serve(mode->done, run.limit);
    if (!complete && now() - run.heard > silence) fail("deliveries of '%s' were lost", mode->name);
    struct reading end = reading();
    uint64_t messages = run.messages;
    print(mode->name, start, end);
    printf(",\"messages\":%llu,\"complete\":%s", (unsigned long long)messages, complete ? "true" : "false");
    mode->report();
    printf("}\n");
    fflush(stdout);
    // A server that has not kept up still owes deliveries, which would be taken for those of the next mode.
    if (!complete) exit(0);
    clients_serve(never, quiet);
    if (run.messages != messages) fail("a delivery of '%s' came twice", mode->name);
    run.mode = NULL;
}

static uint32_t *latencies;  // µs
static size_t latency_count, latency_capacity;

void latency_begin(size_t capacity)
{
    latencies = realloc(latencies, capacity * sizeof *latencies);
    if (!latencies) fail("out of memory");
    // Touched now: a page fault while measuring would count as the server's delay.
    memset(latencies, 0, capacity * sizeof *latencies);
    latency_capacity = capacity;
    latency_count = 0;
}

void latency_add(uint64_t nanoseconds)
{
    if (latency_count < latency_capacity) latencies[latency_count++] = nanoseconds / 1000;
}

static int ascending(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

void latency_report(void)
{
    if (!latency_count) return;
    qsort(latencies, latency_count, sizeof *latencies, ascending);
    printf(",\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f", latencies[latency_count / 2] / 1e3,
        latencies[(latency_count - 1) * 99 / 100] / 1e3, latencies[latency_count - 1] / 1e3);
}
