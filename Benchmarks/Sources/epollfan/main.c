// epollfan: the peer, as little of a fan-out server as there can be. One thread, one epoll loop, no protocol: a GET with a
// Sec-WebSocket-Key becomes a watcher, any POST is a publication, answered at once and sent to every watcher as one
// prebuilt frame with send(2). Publications that are ready in the same turn of the loop go out in one send, as they do in
// Ringside. What the kernel asks for a fan-out is therefore all that it costs.
//
//   epollfan [--bytes 300] [--echo]     prints `listening on http://127.0.0.1:PORT`, then runs until it is killed
//
// With --echo a publication is the body of its POST instead, as little as can be done to carry a text.
//
// A watcher that cannot take a frame loses it: nothing is queued here.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <load.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sha1.h"

#define MERGED_MAX 64
static int epoll;
static int *watchers;
static int watcher_count, watcher_capacity;
static char *frames;  // MERGED_MAX copies of the frame, one behind the other
static size_t frame_length;
static int pending;
static bool is_echo;
static buffer echoed;  // the frames of the publications of this turn

static void append_frame(buffer *frames, const char *payload, size_t length) {
    unsigned char start[4] = {0x81, (unsigned char)length};
    size_t start_length = 2;
    if (length >= 126) {
        start[1] = 126;
        start[2] = (unsigned char)(length >> 8);
        start[3] = (unsigned char)length;
        start_length = 4;
    }
    buffer_append(frames, start, start_length);
    buffer_append(frames, payload, length);
}

static void build_frames(size_t payload_bytes) {
    static const char head[] = "{\"push\":{\"channel\":\"peer\",\"pub\":{\"data\":\"", tail[] = "\"}}}";
    size_t least = sizeof head - 1 + sizeof tail - 1;
    if (payload_bytes < least) payload_bytes = least;
    if (payload_bytes > 65535) die("--bytes is at most 65535");
    buffer payload = {0}, frame = {0};
    buffer_append(&payload, head, sizeof head - 1);
    for (size_t index = least; index < payload_bytes; index++) buffer_append(&payload, "x", 1);
    buffer_append(&payload, tail, sizeof tail - 1);
    append_frame(&frame, payload.bytes, payload.length);
    free(payload.bytes);
    frame_length = frame.length;
    frames = malloc(frame_length * MERGED_MAX);
    for (int index = 0; index < MERGED_MAX; index++) memcpy(frames + (size_t)index * frame_length, frame.bytes, frame_length);
    free(frame.bytes);
}

static void send_to_all(const char *bytes, size_t length) {
    for (int index = 0; index < watcher_count; index++) {
        ssize_t sent = send(watchers[index], bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        // The rest of a frame that has begun must follow, or the watcher reads nonsense from here on.
        if (sent > 0 && (size_t)sent < length) send_all(watchers[index], bytes + sent, length - (size_t)sent);
    }
}

static void broadcast(void) {
    if (echoed.length > 0) send_to_all(echoed.bytes, echoed.length);
    echoed.length = 0;
    while (pending > 0) {
        int merged = pending < MERGED_MAX ? pending : MERGED_MAX;
        send_to_all(frames, frame_length * (size_t)merged);
        pending -= merged;
    }
}

static void upgrade(int descriptor, const char *request) {
    const char *key = strcasestr(request, "sec-websocket-key:");
    if (!key) return;
    char text[128], answer[256], accept[29];
    key += strspn(key + 18, " ") + 18;
    int length = snprintf(text, sizeof text, "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", (int)strcspn(key, "\r\n "), key);
    websocket_accept(text, (size_t)length, accept);
    length = snprintf(
        answer, sizeof answer,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
    send_all(descriptor, answer, (size_t)length);
    if (watcher_count == watcher_capacity) {
        watcher_capacity = watcher_capacity * 2 + 1024;
        watchers = realloc(watchers, (size_t)watcher_capacity * sizeof *watchers);
    }
    watchers[watcher_count++] = descriptor;
}

static void leave(int descriptor) {
    for (int index = 0; index < watcher_count; index++) {
        if (watchers[index] == descriptor) {
            watchers[index] = watchers[--watcher_count];
            break;
        }
    }
    close(descriptor);
}

static void receive(int descriptor) {
    static const char answer[] = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";
    char bytes[8192];
    ssize_t count = recv(descriptor, bytes, sizeof bytes - 1, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
        leave(descriptor);
        return;
    }
    bytes[count] = 0;
    if (memcmp(bytes, "GET ", 4) == 0) {
        upgrade(descriptor, bytes);
    } else if (memcmp(bytes, "POST ", 5) == 0) {
        send_all(descriptor, answer, sizeof answer - 1);
        if (!is_echo) {
            pending++;
            return;
        }
        const char *body = strstr(bytes, "\r\n\r\n");
        if (body) append_frame(&echoed, body + 4, (size_t)(bytes + count - body - 4));
    }
}

static int listen_anywhere(void) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 4096) != 0) die("listen: %s", strerror(errno));
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("listening on http://127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static void accept_all(int listener) {
    int descriptor, on = 1;
    while ((descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
        epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
    }
}

int main(int count, char **arguments) {
    size_t payload_bytes = 300;
    static const struct option options[] = {{"bytes", 1, 0, 'b'}, {"echo", 0, 0, 'e'}, {0, 0, 0, 0}};
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        if (option == 'b') payload_bytes = (size_t)atol(optarg);
        else if (option == 'e') is_echo = true;
        else return 2;
    }
    build_frames(payload_bytes);
    descriptors_require(1024);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    int listener = listen_anywhere();
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    while (true) {
        struct epoll_event events[1024];
        int ready = epoll_wait(epoll, events, 1024, -1);
        for (int index = 0; index < ready; index++) {
            if (events[index].data.fd == listener) accept_all(listener);
            else receive(events[index].data.fd);
        }
        broadcast();
    }
}
