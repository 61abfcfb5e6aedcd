// The physical limit: what any server must spend to hold these sockets and to write these bytes.
//
// usage: limit PORT
//
// One thread, epoll and one `send` for each client and event, or for each client and burst. It speaks just enough of
// the protocols for the load generator's WebSocket clients: it trusts them, checks nothing and sends no heartbeat.

#include "handshake.h"
#include "websocket.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define NAMESPACE "/bench,"

enum { PEER_LIMIT = 20000, READ_SIZE = 1 << 16, REST_LIMIT = 1 << 11, BURST_LIMIT = 1 << 20 };

// What a peer has sent of an unfinished frame; peers are found by their socket.
struct peer {
    bool upgraded, joined;
    unsigned short held;
    char *rest;
};

static struct peer peers[PEER_LIMIT];
static int members[PEER_LIMIT];
static unsigned member_count;
static int epoll, listener;

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "limit: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void write_all(int fd, const void *bytes, size_t length)
{
    for (;;) {
        ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
        if (sent == (ssize_t)length) return;
        if (sent < 0 && errno != EAGAIN) return;  // the peer has gone, which its next read says
        if (sent > 0) bytes = (const char *)bytes + sent, length -= sent;
        // The clients here read all they get; if one did not, all would wait for it, for ten seconds.
        struct pollfd writable = {.fd = fd, .events = POLLOUT};
        if (poll(&writable, 1, 10000) <= 0) fail("a client does not read");
    }
}

static void write_text(int fd, const char *text, size_t length)
{
    unsigned char frame[READ_SIZE + WS_HEADER_LIMIT];
    write_all(fd, frame, frame_write(frame, WS_TEXT, text, length, false));
}

static void write_members(const void *bytes, size_t length)
{
    for (unsigned i = 0; i < member_count; i++) write_all(members[i], bytes, length);
}

static void leave(int fd)
{
    for (unsigned i = 0; peers[fd].joined && i < member_count; i++) {
        if (members[i] != fd) continue;
        members[i] = members[--member_count];
        break;
    }
    free(peers[fd].rest);
    peers[fd] = (struct peer){0};
    close(fd);
}

static void join(int fd)
{
    char text[96];
    if (peers[fd].joined) return;
    peers[fd].joined = true;
    members[member_count++] = fd;
    write_text(fd, text, snprintf(text, sizeof text, "40" NAMESPACE "{\"sid\":\"limitlimitlimi%06d\"}", fd));
}

// The answer to an event: its arguments, from the first one on, under the number that it came with.
static void acknowledge(int fd, const char *number, size_t digits, const char *arguments, size_t length)
{
    char text[READ_SIZE + 64];
    size_t size = snprintf(text, sizeof text, "43" NAMESPACE "%.*s[", (int)digits, number);
    memcpy(text + size, arguments, length);
    write_text(fd, text, size + length);
}

static void broadcast(const char *arguments, size_t length)
{
    char text[READ_SIZE + 64] = "42" NAMESPACE "[\"b\",";
    unsigned char frame[sizeof text + WS_HEADER_LIMIT];
    size_t size = strlen(text);
    memcpy(text + size, arguments, length);
    write_members(frame, frame_write(frame, WS_TEXT, text, size + length, false));
}

static void burst(const char *arguments)
{
    static unsigned char frames[BURST_LIMIT];
    unsigned count, size;
    size_t length = 0;
    if (sscanf(arguments, "{\"count\":%u,\"size\":%u}", &count, &size) != 2 || size > 1024) return;
    for (unsigned i = 0; i < count && length + size + 64 < BURST_LIMIT; i++) {
        char text[1024 + 64];
        int head = snprintf(text, sizeof text, "42" NAMESPACE "[\"b\",%u,\"", i);
        memset(text + head, 'x', size);
        memcpy(text + head + size, "\"]", 2);
        length += frame_write(frames + length, WS_TEXT, text, head + size + 2, false);
    }
    write_members(frames, length);
}

// 42/bench,NUMBER["NAME",ARGUMENTS]
static void event(int fd, const char *text, size_t length)
{
    const char *number = text + sizeof "42" NAMESPACE - 1, *end = text + length;
    const char *array = memchr(number, '[', end - number), *comma = array ? memchr(array, ',', end - array) : NULL;
    if (!comma) return;
    const char *arguments = comma + 1;
    size_t digits = array - number;
    if (memcmp(array, "[\"echo\"", 7) == 0) {
        acknowledge(fd, number, digits, arguments, end - arguments);
    } else if (memcmp(array, "[\"bcast\"", 8) == 0) {
        broadcast(arguments, end - arguments);
    } else if (memcmp(array, "[\"burst\"", 8) == 0) {
        burst(arguments);
        const char *count = arguments + strlen("{\"count\":"), *rest = memchr(arguments, ',', end - arguments);
        char answer[32];
        if (rest && rest > count)
            acknowledge(fd, number, digits, answer,
                snprintf(answer, sizeof answer, "%.*s]", (int)(rest - count), count));
    }
}

static size_t upgrade(int fd, char *bytes, size_t available)
{
    static const char name[] = "Sec-WebSocket-Key: ";
    char *end = memmem(bytes, available, "\r\n\r\n", 4), accept[ACCEPT_LENGTH + 1], answer[512];
    char *key = memmem(bytes, available, name, sizeof name - 1), *key_end;
    if (!end || !key) return 0;
    key += sizeof name - 1;
    key_end = memchr(key, '\r', end - key);
    handshake_accept(key, (key_end ? key_end : end) - key, accept);
    size_t length = snprintf(answer, sizeof answer,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: %s\r\n\r\n", accept);
    char open[160];
    int size = snprintf(open, sizeof open, "0{\"sid\":\"limitlimitlimi%06d\",\"upgrades\":[],\"pingInterval\":25000,"
        "\"pingTimeout\":20000,\"maxPayload\":1000000}", fd);
    length += frame_write((unsigned char *)answer + length, WS_TEXT, open, size, false);
    write_all(fd, answer, length);
    peers[fd].upgraded = true;
    return end + 4 - bytes;
}

static void read_peer(int fd)
{
    static unsigned char bytes[READ_SIZE + REST_LIMIT];
    struct peer *peer = &peers[fd];
    struct frame frame;
    if (peer->held) memcpy(bytes, peer->rest, peer->held);
    ssize_t got = recv(fd, bytes + peer->held, READ_SIZE, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
        leave(fd);
        return;
    }
    size_t available = peer->held + got;
    size_t used = peer->upgraded ? 0 : upgrade(fd, (char *)bytes, available);
    int outcome = 0;
    while (peer->upgraded && (outcome = frame_parse(bytes + used, available - used, &frame)) > 0) {
        used += frame.size;
        if (frame.length > 1 && memcmp(frame.text, "42", 2) == 0) event(fd, frame.text, frame.length);
        else if (frame.length > 1 && memcmp(frame.text, "40", 2) == 0) join(fd);
    }
    peer->held = available - used;
    if (outcome < 0 || available - used > REST_LIMIT) {
        leave(fd);
    } else if (peer->held) {
        if (!peer->rest && !(peer->rest = malloc(REST_LIMIT))) fail("out of memory");
        memcpy(peer->rest, bytes + used, peer->held);
    }
}

static void accept_all(void)
{
    for (;;) {
        int yes = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        if (fd >= PEER_LIMIT || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) close(fd);
    }
}

static void listen_on(unsigned short port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct rlimit files;
    int yes = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 4096) < 0
        || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) < 0)
        fail("cannot listen");
}

int main(int count, char **arguments)
{
    struct epoll_event events[512];
    int port = count == 2 ? atoi(arguments[1]) : 0;
    if (port < 1 || port > 65535) {
        fputs("usage: limit PORT\n", stderr);
        return 2;
    }
    listen_on(port);
    for (;;) {
        int ready = epoll_wait(epoll, events, 512, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == listener) accept_all();
            else read_peer(events[i].data.fd);
        }
    }
}
