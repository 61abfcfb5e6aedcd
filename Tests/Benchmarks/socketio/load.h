// The load generator: one thread, one epoll, any number of Socket.IO clients on 127.0.0.1.

#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NAMESPACE "/bench,"

// One TCP connection, with the bytes of an unfinished frame or response that came over it.
struct channel {
    int socket;
    unsigned held;
    unsigned char *rest;
};

// How far a client has come.
enum stage { UPGRADING, OPENING, JOINING, READY };

// Polling only: what waits until the POST under way is answered, as one payload.
enum { PENDING_LIMIT = 512, SID_LIMIT = 64 };

struct client {
    // WebSocket uses the first channel alone; polling has its GETs on the first and its POSTs on the second.
    struct channel channels[2];
    enum stage stage;
    unsigned next;  // the number that its next delivery or acknowledgement must carry
    bool posting;
    unsigned pending_length;
    char *pending;
    char sid[SID_LIMIT];
};

// What one mode does; `run.mode` points to the one being measured.
struct mode {
    const char *name;
    void (*begin)(void);
    // A Socket.IO packet with its Engine.IO type in front, such as 42/bench,["b",0,"x"]. Not terminated.
    void (*packet)(struct client *client, const char *text, size_t length);
    // The timer of `timer_start` fired so many times.
    void (*tick)(uint64_t times);
    bool (*done)(void);
    void (*report)(void);
};

// Everything the command line says, and where the run stands.
struct run {
    unsigned short port;
    int server;  // process id
    bool polling;
    unsigned clients, size;
    unsigned rounds, count;     // burst
    unsigned rate;              // paced: deliveries a second in all
    double seconds;             // paced: for how long
    uint64_t acks;              // acks: how many in all
    double limit;               // no part of the run takes longer
    struct client *all;
    unsigned ready;
    const struct mode *mode;
    uint64_t messages;          // deliveries and acknowledgements counted by the mode
    uint64_t heard;             // when the server last sent anything
};

extern struct run run;
extern const struct mode mode_burst, mode_paced, mode_acks;

// load.c
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

// clients.c
void clients_connect(void);
void clients_leave(void);
// Handles events until `done` says so; false if `run.limit` came first.
bool clients_serve(bool (*done)(void), double limit);
void client_send(struct client *client, const char *text, size_t length);
void client_packet(struct client *client, const char *text, size_t length);
int channel_open(struct client *client, unsigned which);
void channel_close(struct channel *channel);
void channel_send(struct channel *channel, const void *bytes, size_t length);
void timer_start(uint64_t first, uint64_t interval);
void timer_stop(void);

// polling.c
void polling_open(struct client *client);
void polling_send(struct client *client, const char *text, size_t length);
// Whether a server may close this connection, as nothing is under way on it; the next POST then opens another.
bool polling_idle(const struct client *client, unsigned which);
size_t polling_read(struct client *client, unsigned which, unsigned char *bytes, size_t available);

// measure.c
uint64_t now(void);  // ns
void measure_connect(void (*connect)(void), double idle);
void measure_mode(const struct mode *mode);
void latency_begin(size_t capacity);
void latency_add(uint64_t nanoseconds);
void latency_report(void);

#endif
