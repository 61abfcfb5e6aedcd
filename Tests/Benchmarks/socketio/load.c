// Loads a Socket.IO server on 127.0.0.1, counts everything that it sends, and prints what that cost it.
//
// usage: load --port P --pid SERVER [--clients N] [--transport websocket|polling] MODE...
//
// All modes named (connect, burst, paced, acks) run one after the other over the same clients. A delivery that is
// lost, damaged, doubled or out of order ends the program with a message and status 1.

#include "load.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

struct run run = {
    .clients = 200, .size = 64, .rounds = 100, .count = 50, .rate = 10000, .seconds = 10, .acks = 200000, .limit = 60,
};

static double idle = 1;

_Noreturn void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, arguments);
    fputs("\n", stderr);
    va_end(arguments);
    exit(1);
}

static double number(const char *option, const char *text, double least, double most)
{
    char *end;
    double value = strtod(text, &end);
    if (*end || end == text || !(value >= least && value <= most))
        fail("--%s must be a number from %g to %g, not '%s'", option, least, most, text);
    return value;
}

enum option_id { PORT, PID, CLIENTS, TRANSPORT, SIZE, ROUNDS, COUNT, RATE, SECONDS, ACKS, LIMIT, IDLE };

static const struct option options[] = {
    {"port", required_argument, NULL, PORT},       {"pid", required_argument, NULL, PID},
    {"clients", required_argument, NULL, CLIENTS}, {"transport", required_argument, NULL, TRANSPORT},
    {"size", required_argument, NULL, SIZE},       {"rounds", required_argument, NULL, ROUNDS},
    {"count", required_argument, NULL, COUNT},     {"rate", required_argument, NULL, RATE},
    {"seconds", required_argument, NULL, SECONDS}, {"acks", required_argument, NULL, ACKS},
    {"limit", required_argument, NULL, LIMIT},     {"idle", required_argument, NULL, IDLE},
    {NULL, 0, NULL, 0},
};

static void set(enum option_id option, const char *text)
{
    const char *name = options[option].name;
    switch (option) {
    case PORT: run.port = number(name, text, 1, 65535); break;
    case PID: run.server = number(name, text, 2, 1 << 22); break;
    case CLIENTS: run.clients = number(name, text, 1, 20000); break;
    case TRANSPORT: run.polling = strcmp(text, "polling") == 0; break;
    case SIZE: run.size = number(name, text, 32, 384); break;
    case ROUNDS: run.rounds = number(name, text, 1, 1e6); break;
    case COUNT: run.count = number(name, text, 1, 1000); break;
    case RATE: run.rate = number(name, text, 1, 1e6); break;
    case SECONDS: run.seconds = number(name, text, 0.1, 300); break;
    case ACKS: run.acks = number(name, text, 1, 1e8); break;
    case LIMIT: run.limit = number(name, text, 1, 600); break;
    case IDLE: idle = number(name, text, 0, 600); break;
    }
}

static const struct mode *find(const char *name)
{
    static const struct mode *const modes[] = {&mode_burst, &mode_paced, &mode_acks};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (strcmp(modes[i]->name, name) == 0) return modes[i];
    fail("there is no mode '%s'", name);
}

static void raise_limits(unsigned modes)
{
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    unsigned needed = run.clients * (run.polling ? 2 : 1) + 16;
    if (files.rlim_cur < needed) fail("%u files may be open, %u are needed", (unsigned)files.rlim_cur, needed);
    // Every part is bounded by itself; this ends the program should one of them not keep to it.
    alarm((modes + 2) * (run.limit + 10) + idle);
}

int main(int count, char **arguments)
{
    int option;
    while ((option = getopt_long(count, arguments, "", options, NULL)) != -1) {
        if (option == '?') return 1;
        set(option, optarg);
    }
    if (!run.port || !run.server) fail("--port and --pid must be given");
    for (int i = optind; i < count; i++)
        if (strcmp(arguments[i], "connect")) find(arguments[i]);
    raise_limits(count - optind);
    if (optind < count && strcmp(arguments[optind], "connect") == 0) measure_connect(clients_connect, idle), optind++;
    else clients_connect();
    for (int i = optind; i < count; i++) measure_mode(find(arguments[i]));
    clients_leave();
    return 0;
}
