#include "load.h"
#include "websocket.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

// Handshakes under way at once: few enough for any listen backlog, as a dropped SYN would cost a second.
enum { CONNECT_WINDOW = 64 };
enum { READ_SIZE = 1 << 18, REST_LIMIT = 1 << 15 };

static const uint64_t timer_tag = UINT64_MAX;
static unsigned char buffer[READ_SIZE + REST_LIMIT];
static int epoll = -1, timer = -1;

int channel_open(struct client *client, unsigned which)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(run.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("cannot open a socket: %s", strerror(errno));
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) fail("cannot connect: %s", strerror(errno));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = (uint64_t)(client - run.all) << 1 | which};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) fail("cannot watch a socket: %s", strerror(errno));
    return client->channels[which].socket = fd;
}

void channel_close(struct channel *channel)
{
    close(channel->socket);
    channel->socket = -1;
}

void channel_send(struct channel *channel, const void *bytes, size_t length)
{
    // What a client sends is small and answered before the next: a full socket buffer means that the server hangs.
    ssize_t sent = send(channel->socket, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent != (ssize_t)length) fail("cannot send: %s", sent < 0 ? strerror(errno) : "the socket is full");
}

static void websocket_send(struct client *client, unsigned opcode, const char *text, size_t length)
{
    unsigned char frame[PENDING_LIMIT + WS_HEADER_LIMIT];
    if (length > PENDING_LIMIT) fail("a message of %zu bytes is longer than was planned for", length);
    channel_send(&client->channels[0], frame, frame_write(frame, opcode, text, length, true));
}

void client_send(struct client *client, const char *text, size_t length)
{
    if (run.polling) polling_send(client, text, length);
    else websocket_send(client, WS_TEXT, text, length);
}

static void websocket_open(struct client *client)
{
    char request[256];
    int length = snprintf(request, sizeof request,
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " WS_KEY "\r\n\r\n", run.port);
    channel_open(client, 0);
    channel_send(&client->channels[0], request, length);
}

static bool starts(const char *text, size_t length, const char *prefix)
{
    return length >= strlen(prefix) && memcmp(text, prefix, strlen(prefix)) == 0;
}

static void joined(struct client *client, const char *text, size_t length)
{
    if (client->stage != JOINING || !starts(text, length, "40" NAMESPACE "{"))
        fail("'%.*s' came instead of the namespace's answer", (int)length, text);
    client->stage = READY;
    run.ready++;
}

static void opened(struct client *client, const char *text, size_t length)
{
    static const char join[] = "40" NAMESPACE;
    const char *sid = memmem(text, length, "\"sid\":\"", 7), *end;
    if (client->stage != OPENING || !sid) fail("'%.*s' is no open packet that belongs here", (int)length, text);
    sid += 7;
    end = memchr(sid, '"', text + length - sid);
    if (!end || end - sid >= SID_LIMIT) fail("the session id is too long");
    memcpy(client->sid, sid, end - sid);
    client->stage = JOINING;
    client_send(client, join, sizeof join - 1);
}

void client_packet(struct client *client, const char *text, size_t length)
{
    switch (length ? text[0] : 0) {
    case '0': opened(client, text, length); break;
    case '2': client_send(client, "3", 1); break;
    case '4':
        if (client->stage != READY) joined(client, text, length);
        else if (run.mode) run.mode->packet(client, text, length);
        else fail("'%.*s' came when nothing was due", (int)length, text);
        break;
    case '6': break;
    default: fail("'%.*s' came unexpectedly", (int)length, text);
    }
}

static size_t upgrade_read(struct client *client, unsigned char *bytes, size_t available)
{
    unsigned char *end = memmem(bytes, available, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t length = end + 4 - bytes;
    if (!starts((char *)bytes, length, "HTTP/1.1 101 ") || !memmem(bytes, length, WS_ACCEPT, strlen(WS_ACCEPT)))
        fail("the upgrade was answered with '%.*s'", (int)(length > 200 ? 200 : length), bytes);
    client->stage = OPENING;
    return length;
}

static size_t websocket_read(struct client *client, unsigned char *bytes, size_t available)
{
    size_t used = client->stage == UPGRADING ? upgrade_read(client, bytes, available) : 0;
    struct frame frame;
    int outcome = 0;
    if (client->stage == UPGRADING) return used;
    while ((outcome = frame_parse(bytes + used, available - used, &frame)) > 0) {
        used += frame.size;
        if (frame.opcode == WS_TEXT) client_packet(client, frame.text, frame.length);
        else if (frame.opcode == WS_PING) websocket_send(client, WS_PONG, frame.text, frame.length);
        else fail("the server sent a frame of type %u", frame.opcode);
    }
    if (outcome < 0) fail("the server sent bytes that are no frame");
    return used;
}

static void channel_read(struct client *client, unsigned which)
{
    struct channel *channel = &client->channels[which];
    if (channel->held) memcpy(buffer, channel->rest, channel->held);
    ssize_t got = recv(channel->socket, buffer + channel->held, READ_SIZE, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return;
    if (got == 0 && polling_idle(client, which)) {
        channel_close(channel);
        return;
    }
    if (got <= 0)
        fail("the server closed a connection of %s at stage %d: %s", which ? "posts" : "messages", client->stage,
            got < 0 ? strerror(errno) : "end of stream");
    size_t available = channel->held + got;
    size_t used = run.polling ? polling_read(client, which, buffer, available)
                              : websocket_read(client, buffer, available);
    channel->held = available - used;
    if (channel->held > REST_LIMIT) fail("a message is longer than was planned for");
    if (channel->held == 0) return;
    if (!channel->rest && !(channel->rest = malloc(REST_LIMIT))) fail("out of memory");
    memcpy(channel->rest, buffer + used, channel->held);
}

bool clients_serve(bool (*done)(void), double limit)
{
    struct epoll_event events[512];
    uint64_t deadline = now() + limit * 1e9, times;
    while (!done()) {
        uint64_t time = now();
        if (time >= deadline) return false;
        int count = epoll_wait(epoll, events, 512, (deadline - time) / 1000000 + 1);
        if (count < 0 && errno != EINTR) fail("cannot wait: %s", strerror(errno));
        if (count > 0) run.heard = time;
        for (int i = 0; i < count; i++) {
            uint64_t tag = events[i].data.u64;
            if (tag != timer_tag) channel_read(&run.all[tag >> 1], tag & 1);
            else if (read(timer, &times, sizeof times) == sizeof times && run.mode) run.mode->tick(times);
        }
    }
    return true;
}

void timer_start(uint64_t first, uint64_t interval)
{
    struct itimerspec spec = {
        .it_value = {first / 1000000000, first % 1000000000},
        .it_interval = {interval / 1000000000, interval % 1000000000},
    };
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = timer_tag};
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (timer < 0 || timerfd_settime(timer, TFD_TIMER_ABSTIME, &spec, NULL) < 0
        || epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event) < 0)
        fail("cannot start the timer: %s", strerror(errno));
}

void timer_stop(void) { close(timer); }

static unsigned begun;
static bool window_open(void) { return begun - run.ready < CONNECT_WINDOW; }
static bool all_ready(void) { return run.ready == run.clients; }

void clients_connect(void)
{
    run.all = calloc(run.clients, sizeof *run.all);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!run.all || epoll < 0) fail("cannot begin: %s", strerror(errno));
    for (; begun < run.clients; begun++) {
        if (!clients_serve(window_open, run.limit)) fail("only %u clients were let in in time", run.ready);
        if (run.polling) polling_open(&run.all[begun]);
        else websocket_open(&run.all[begun]);
    }
    if (!clients_serve(all_ready, run.limit)) fail("only %u clients were let in in time", run.ready);
}

void clients_leave(void)
{
    for (unsigned i = 0; i < run.clients; i++) {
        channel_close(&run.all[i].channels[0]);
        if (run.polling) channel_close(&run.all[i].channels[1]);
    }
}
