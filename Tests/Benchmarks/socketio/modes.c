// What is measured: bursts, a steady pace, and echoes with acknowledgement.

#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_LIMIT = 448 };

struct text {
    size_t length;
    char bytes[TEXT_LIMIT];
};

static char filler[TEXT_LIMIT];

static void wrong(const char *text, size_t length)
{
    fail("'%.*s' came lost, twice or out of order", (int)length, text);
}

static void no_tick(uint64_t times) { (void)times; }
static void no_report(void) {}

static void prepare(void)
{
    if (run.size < 32 || run.size > TEXT_LIMIT - 64) fail("--size must be 32 to %d", TEXT_LIMIT - 64);
    memset(filler, 'x', sizeof filler);
    for (unsigned i = 0; i < run.clients; i++) run.all[i].next = 0;
    run.messages = 0;
}

// Burst: one client asks for `count` events to all; when all have all of them, for the next.

static struct text *burst;
static unsigned round_number, finished;
static bool acknowledged;

static void burst_ask(void)
{
    char text[128];
    finished = 0;
    acknowledged = false;
    for (unsigned i = 0; i < run.clients; i++) run.all[i].next = 0;
    int length = snprintf(text, sizeof text, "42" NAMESPACE "%u[\"burst\",{\"count\":%u,\"size\":%u}]", round_number,
        run.count, run.size);
    client_send(&run.all[round_number % run.clients], text, length);
}

static void burst_begin(void)
{
    prepare();
    burst = calloc(run.count, sizeof *burst);
    if (!burst) fail("out of memory");
    for (unsigned i = 0; i < run.count; i++)
        burst[i].length = snprintf(burst[i].bytes, TEXT_LIMIT, "42" NAMESPACE "[\"b\",%u,\"%.*s\"]", i, (int)run.size,
            filler);
    round_number = 0;
    burst_ask();
}

static void burst_acknowledged(const char *text, size_t length)
{
    char expected[64];
    size_t size = snprintf(expected, sizeof expected, "43" NAMESPACE "%u[%u]", round_number, run.count);
    if (acknowledged || length != size || memcmp(text, expected, size)) wrong(text, length);
    acknowledged = true;
}

static void burst_packet(struct client *client, const char *text, size_t length)
{
    if (length > 1 && text[1] == '3') {
        burst_acknowledged(text, length);
    } else {
        const struct text *expected = &burst[client->next];
        if (client->next == run.count || length != expected->length || memcmp(text, expected->bytes, length))
            wrong(text, length);
        run.messages++;
        if (++client->next == run.count) finished++;
    }
    if (finished == run.clients && acknowledged && ++round_number < run.rounds) burst_ask();
}

static bool burst_done(void) { return round_number == run.rounds; }

const struct mode mode_burst = {"burst", burst_begin, burst_packet, no_tick, burst_done, no_report};

// Paced: the first client broadcasts at a fixed pace, whatever the server is up to.

static uint64_t first_at, interval;
static unsigned events, sent;
static struct text delivery;
// Where the event's number and time stand in a delivery: digits, a blank, digits, a blank, filler.
enum { NUMBER = sizeof "42" NAMESPACE "[\"b\",\"" - 1, TIME = NUMBER + 9, FILLER = TIME + 20 };

static void paced_begin(void)
{
    prepare();
    interval = 1e9 * run.clients / run.rate;
    events = run.seconds * 1e9 / interval;
    if (events < 4) events = 4;
    sent = 0;
    delivery.length = snprintf(delivery.bytes, TEXT_LIMIT, "42" NAMESPACE "[\"b\",\"%.*s\"]", (int)run.size, filler);
    latency_begin((size_t)events * run.clients);
    first_at = now() + interval;
    timer_start(first_at, interval);
}

static void paced_tick(uint64_t times)
{
    for (; times > 0 && sent < events; times--, sent++) {
        char text[TEXT_LIMIT];
        // The time at which it was due, not the one at which this program came round to it: what is late is late.
        int length = snprintf(text, sizeof text, "42" NAMESPACE "[\"bcast\",\"%08u %019llu %.*s\"]", sent,
            (unsigned long long)(first_at + sent * interval), (int)run.size - (FILLER - NUMBER), filler);
        client_send(&run.all[0], text, length);
    }
    if (sent == events) timer_stop();
}

static uint64_t decimal(const char *digits, unsigned count)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++) value = value * 10 + (digits[i] - '0');
    return value;
}

static void paced_packet(struct client *client, const char *text, size_t length)
{
    if (length != delivery.length || memcmp(text, delivery.bytes, NUMBER)
        || memcmp(text + FILLER, delivery.bytes + FILLER, length - FILLER)
        || decimal(text + NUMBER, 8) != client->next)
        wrong(text, length);
    client->next++;
    run.messages++;
    latency_add(now() - decimal(text + TIME, 19));
}

static bool paced_done(void) { return sent == events && run.messages == (uint64_t)events * run.clients; }

const struct mode mode_paced = {"paced", paced_begin, paced_packet, paced_tick, paced_done, latency_report};

// Acks: every client has one echo on its way at any time.

static uint64_t asked;

static void acks_ask(struct client *client)
{
    char text[TEXT_LIMIT];
    if (asked == run.acks) return;
    asked++;
    int length = snprintf(text, sizeof text, "42" NAMESPACE "%u[\"echo\",\"%.*s\"]", client->next, (int)run.size,
        filler);
    client_send(client, text, length);
}

static void acks_begin(void)
{
    prepare();
    asked = 0;
    for (unsigned i = 0; i < run.clients; i++) acks_ask(&run.all[i]);
}

static void acks_packet(struct client *client, const char *text, size_t length)
{
    char expected[TEXT_LIMIT];
    size_t size = snprintf(expected, sizeof expected, "43" NAMESPACE "%u[\"%.*s\"]", client->next, (int)run.size,
        filler);
    if (length != size || memcmp(text, expected, size)) wrong(text, length);
    client->next++;
    run.messages++;
    acks_ask(client);
}

static bool acks_done(void) { return run.messages == run.acks; }

const struct mode mode_acks = {"acks", acks_begin, acks_packet, no_tick, acks_done, no_report};
