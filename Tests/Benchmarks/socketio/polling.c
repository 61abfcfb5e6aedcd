// HTTP long-polling: each client has a connection on which a GET always waits, and one for its POSTs.

#include "load.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// Packets of one payload are joined by this character (Engine.IO protocol v4, "HTTP long-polling").
enum { SEPARATOR = 0x1e };
enum { GETS, POSTS };

static void get(struct client *client)
{
    char request[256];
    int length = snprintf(request, sizeof request,
        "GET /socket.io/?EIO=4&transport=polling%s%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n",
        client->sid[0] ? "&sid=" : "", client->sid, run.port);
    channel_send(&client->channels[GETS], request, length);
}

static void post(struct client *client, const char *text, size_t length)
{
    char request[PENDING_LIMIT + 256];
    int head = snprintf(request, sizeof request,
        "POST /socket.io/?EIO=4&transport=polling&sid=%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
        "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: %zu\r\n\r\n", client->sid, run.port, length);
    memcpy(request + head, text, length);
    if (client->channels[POSTS].socket < 0) channel_open(client, POSTS);
    channel_send(&client->channels[POSTS], request, head + length);
    client->posting = true;
}

bool polling_idle(const struct client *client, unsigned which)
{
    return run.polling && which == POSTS && !client->posting;
}

void polling_open(struct client *client)
{
    client->stage = OPENING;
    channel_open(client, GETS);
    channel_open(client, POSTS);
    get(client);
}

void polling_send(struct client *client, const char *text, size_t length)
{
    if (!client->posting) {
        post(client, text, length);
        return;
    }
    // One POST at a time, as the protocol asks: the rest goes with the next.
    if (client->pending_length + length + 1 > PENDING_LIMIT) fail("too much waits for a POST to be answered");
    if (!client->pending && !(client->pending = malloc(PENDING_LIMIT))) fail("out of memory");
    if (client->pending_length) client->pending[client->pending_length++] = SEPARATOR;
    memcpy(client->pending + client->pending_length, text, length);
    client->pending_length += length;
}

// The value of a header, or NULL; `head` ends with an empty line and is terminated.
static const char *header(const char *head, const char *name)
{
    for (const char *line = strstr(head, "\r\n"); line; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':') {
            for (line += strlen(name) + 1; *line == ' ';) line++;
            return line;
        }
    }
    return NULL;
}

// Joins the chunks at `body` in place. Returns what they took of the stream, 0 if some are missing.
static size_t dechunk(char *body, size_t available, size_t *length)
{
    char *from = body, *end = body + available;
    *length = 0;
    for (;;) {
        char *line = memmem(from, end - from, "\r\n", 2);
        if (!line) return 0;
        size_t size = strtoul(from, NULL, 16);
        from = line + 2;
        if ((size_t)(end - from) < size + 2) return 0;
        // Moved only when all is there: what is kept for later must stay as it came.
        *length += size;
        from += size + 2;
        if (size == 0) break;
    }
    size_t used = from - body;
    char *to = body;
    for (from = body;;) {
        char *data = memmem(from, end - from, "\r\n", 2);
        size_t size = strtoul(from, NULL, 16);
        if (size == 0) return used;
        memmove(to, data + 2, size);
        to += size;
        from = data + 2 + size + 2;
    }
}

static void got(struct client *client, const char *body, size_t length)
{
    while (length) {
        const char *separator = memchr(body, SEPARATOR, length);
        size_t packet = separator ? (size_t)(separator - body) : length;
        client_packet(client, body, packet);
        body += packet + (separator != NULL);
        length -= packet + (separator != NULL);
    }
    get(client);
}

static void posted(struct client *client, const char *body, size_t length)
{
    if (length != 2 || strncasecmp(body, "ok", 2)) fail("a POST was answered with '%.*s'", (int)length, body);
    client->posting = false;
    if (!client->pending_length) return;
    post(client, client->pending, client->pending_length);
    client->pending_length = 0;
}

size_t polling_read(struct client *client, unsigned which, unsigned char *bytes, size_t available)
{
    char *head = (char *)bytes, *end = memmem(head, available, "\r\n\r\n", 4), last;
    if (!end) return 0;
    char *body = end + 4;
    size_t length, used, rest = available - (body - head);
    last = end[2];
    end[2] = 0;
    if (strncmp(head, "HTTP/1.1 200 ", 13)) fail("a request was answered with '%.200s'", head);
    const char *size = header(head, "content-length");
    end[2] = last;
    if (size) {
        length = used = strtoul(size, NULL, 10);
        if (length > rest) return 0;
    } else {
        used = dechunk(body, rest, &length);
        if (!used) return 0;
    }
    if (used < rest) fail("the server answered more than it was asked");
    if (which == POSTS) posted(client, body, length);
    else got(client, body, length);
    return available;
}
