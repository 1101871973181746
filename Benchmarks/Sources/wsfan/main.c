// wsfan: watchers and publishers in one process. N WebSocket connections each send a hello and then count what is pushed
// to them; C HTTP connections publish in a closed loop (a request, its answer, the next request). At most `--window`
// publications are out and not yet delivered everywhere, so a server is saturated and never buried. With `--rate` they
// publish so many times a second instead, and the latencies are those of a server that is not saturated.
//
//   wsfan --port 8080 --path /connection/websocket --watchers 5000 --hello 'TEXT with $token' --watcher-tokens FILE
//         --ready '"id":2' --requests FILE [--tokens FILE] [--publishers 2] [--window 2] [--warmup 1] [--seconds 4] [--server PID]
//         [--rate R] [--publish-port 8081] [--channels 100 --channel-names FILE]
//
// With `--channels C` publication i belongs to channel i mod C, watcher w to channel w mod C, and `$channel` in the hello is
// line w mod C of the names; a channel's publications must then arrive in the order in which they were requested.
//
// `told` is the time from the instant in an event's `"at":"2026-06-01T10:00:00.000Z"`, which the transaction read after its locks, to the
// delivery; to the precision of that instant, and nothing where there is none.
//
// A delivery is one pushed message at one watcher: a line that begins with `--prefix`, however many share a frame, a
// segment or a read. `\n` in the hello is a line end. Prints one JSON object.
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <load.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum state { UPGRADING, GREETING, WATCHING, PUBLISHING };

typedef struct {
    int descriptor;
    enum state state;
    bool waiting;
    uint32_t index;
    uint64_t deliveries;
    buffer input;
} peer;

#define SENT_RING 4096
static const char *host = "127.0.0.1", *hello = NULL, *ready_mark = NULL, *prefix = "{\"push\":";
static size_t prefix_length;
static lines watcher_tokens;
static requests work;
static size_t next_request;
static int watchers = 1000, publishers = 2, window = 2, watching, channels = 1;
static lines channel_names;
static uint64_t next_due, pause_ns;  // with --rate
static uint64_t sent_at[SENT_RING];
static uint64_t published, deliveries;
static bool measuring;
static struct {
    histogram latencies, told;
    uint64_t deliveries, bytes, reads, publications, refusals;
} measured;

static void send_frame(peer *self, unsigned opcode, const char *payload, size_t length) {
    // The mask is zero: RFC 6455 demands its presence, and a constant one lets the payload go out as it is.
    unsigned char head[14] = {(unsigned char)(0x80 | opcode)};
    size_t size = 2;
    if (length < 126) {
        head[1] = (unsigned char)(0x80 | length);
    } else {
        head[1] = 0x80 | 126;
        head[2] = (unsigned char)(length >> 8);
        head[3] = (unsigned char)length;
        size = 4;
    }
    buffer frame = {0};
    buffer_append(&frame, head, size + 4);
    buffer_append(&frame, payload, length);
    if (!send_all(self->descriptor, frame.bytes, frame.length)) die("the server closed a watcher");
    free(frame.bytes);
}

static void greet(peer *self) {
    if (!hello) {
        self->state = WATCHING;
        watching++;
        return;
    }
    buffer text = {0};
    for (const char *next = hello; *next; next++) {
        if (strncmp(next, "$token", 6) == 0 && watcher_tokens.count > 0) {
            const char *token = watcher_tokens.items[self->index % watcher_tokens.count];
            buffer_append(&text, token, strlen(token));
            next += 5;
        } else if (strncmp(next, "$channel", 8) == 0 && channel_names.count > 0) {
            const char *name = channel_names.items[self->index % (uint32_t)channels % channel_names.count];
            buffer_append(&text, name, strlen(name));
            next += 7;
        } else if (next[0] == '\\' && next[1] == 'n') {
            buffer_append(&text, "\n", 1);
            next++;
        } else {
            buffer_append(&text, next, 1);
        }
    }
    send_frame(self, 1, text.bytes, text.length);
    free(text.bytes);
    self->state = GREETING;
}

// In microseconds since 1970; 0 for what is no instant.
static int64_t instant(const char *text, size_t length) {
    char copy[40] = {0};
    memcpy(copy, text, length < sizeof copy - 1 ? length : sizeof copy - 1);
    struct tm parts = {0};
    const char *rest = strptime(copy, "%Y-%m-%dT%H:%M:%S", &parts);
    if (!rest) return 0;
    double fraction = *rest == '.' ? strtod(rest, NULL) : 0;
    return (int64_t)timegm(&parts) * 1000000 + (int64_t)(fraction * 1e6);
}

static void note_age(const char *line, size_t length) {
    static const char mark[] = "\"at\":\"";
    const char *found = memmem(line, length, mark, sizeof mark - 1);
    if (!found) return;
    const char *text = found + sizeof mark - 1;
    int64_t at = instant(text, length - (size_t)(text - line));
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t age = now.tv_sec * 1000000ll + now.tv_nsec / 1000 - at;
    if (at && age >= 0) histogram_add(&measured.told, (uint64_t)age * 1000);
}

static void hear_line(peer *self, const char *line, size_t length) {
    if (length >= prefix_length && memcmp(line, prefix, prefix_length) == 0) {
        uint64_t publication = self->deliveries++ * (uint64_t)channels + self->index % (uint32_t)channels;
        deliveries++;
        if (measuring) {
            measured.deliveries++;
            measured.bytes += length;
            // Publications come in the order of their commits; with few publishers that is the order of the requests.
            if (publication < published) histogram_add(&measured.latencies, now_ns() - sent_at[publication % SENT_RING]);
            if (pause_ns) note_age(line, length);  // a saturated server's would be that of its queues
        }
    } else if (length == 2 && memcmp(line, "{}", 2) == 0) {
        send_frame(self, 1, "{}", 2);
    } else if (memmem(line, length, "\"error\":", 8)) {
        die("a watcher was refused: %.*s", (int)length, line);
    } else if (self->state == GREETING && (!ready_mark || memmem(line, length, ready_mark, strlen(ready_mark)))) {
        self->state = WATCHING;
        watching++;
    }
}

static void hear_text(peer *self, const char *text, size_t length) {
    while (length > 0) {
        const char *end = memchr(text, '\n', length);
        size_t line = end ? (size_t)(end - text) : length;
        if (line > 0) hear_line(self, text, line);
        if (!end) return;
        text += line + 1;
        length -= line + 1;
    }
}

// Consumes whole frames; returns how many bytes they took.
static size_t hear_frames(peer *self, char *bytes, size_t length) {
    size_t used = 0;
    while (length - used >= 2) {
        const unsigned char *frame = (unsigned char *)bytes + used;
        size_t head = 2;
        uint64_t size = frame[1] & 0x7f;
        if (size == 126) {
            head = 4;
            if (length - used < head) break;
            size = (uint64_t)frame[2] << 8 | frame[3];
        } else if (size == 127) {
            head = 10;
            if (length - used < head) break;
            size = 0;
            for (int index = 2; index < 10; index++) size = size << 8 | frame[index];
        }
        if (length - used < head + size) break;
        const char *payload = bytes + used + head;
        switch (frame[0] & 0x0f) {
        case 1: hear_text(self, payload, size); break;
        case 8: die("a watcher was closed: %u %.*s", size >= 2 ? (unsigned)(frame[head] << 8 | frame[head + 1]) : 0u,
                    size > 2 ? (int)size - 2 : 0, payload + 2);
        case 9: send_frame(self, 10, payload, size); break;
        default: break;
        }
        used += head + size;
    }
    return used;
}

static void publish(peer *self) {
    // Delivered everywhere on average: a watcher that lags holds the publishers back as the slowest of a real club would.
    uint64_t delivered = watching > 0 ? deliveries / (uint64_t)watching : published;
    if (self->waiting) return;
    if (pause_ns) {
        if (now_ns() < next_due) return;
        next_due += pause_ns;
    } else if (published >= delivered + (uint64_t)window) {
        return;
    }
    if (next_request == work.count) die("the requests ran out: the file is too short for this run");
    sent_at[published++ % SENT_RING] = now_ns();
    if (!send_all(self->descriptor, work.bytes[next_request], work.lengths[next_request])) die("the server closed a publisher");
    next_request++;
    self->waiting = true;
}

static size_t hear_answer(peer *self, char *bytes, size_t length) {
    int status = 0;
    ssize_t size = http_response(bytes, length, &status);
    if (size < 0) die("not an HTTP answer");
    if (size == 0) return 0;
    self->waiting = false;
    if (status >= 300) {
        if (measured.refusals++ == 0) fprintf(stderr, "first refusal: %.*s\n", (int)(size < 1200 ? size : 1200), bytes);
        published--;
    } else if (measuring) {
        measured.publications++;
    }
    return (size_t)size;
}

static size_t hear_upgrade(peer *self, char *bytes, size_t length) {
    char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (!end) return 0;
    if (length < 12 || memcmp(bytes + 9, "101", 3) != 0) die("the upgrade was refused: %.*s", (int)length, bytes);
    greet(self);
    return (size_t)(end - bytes) + 4;
}

static void receive(peer *self) {
    static char chunk[1 << 18];
    ssize_t count = recv(self->descriptor, chunk, sizeof chunk, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) die("the server closed a connection");
    if (measuring && self->state == WATCHING) measured.reads++;
    char *bytes = chunk;
    size_t length = (size_t)count;
    bool kept = self->input.length > 0;  // most reads end with a frame: those are parsed in place
    if (kept) {
        buffer_append(&self->input, chunk, length);
        bytes = self->input.bytes;
        length = self->input.length;
    }
    size_t used = 0;
    if (self->state == UPGRADING) used += hear_upgrade(self, bytes, length);
    if (self->state == PUBLISHING) used += hear_answer(self, bytes, length);
    if (self->state == GREETING || self->state == WATCHING) used += hear_frames(self, bytes + used, length - used);
    if (kept) buffer_consume(&self->input, used);
    else if (used < length) buffer_append(&self->input, bytes + used, length - used);
}

static int epoll;

static void turn(int timeout) {
    static struct epoll_event events[1024];
    int ready = epoll_wait(epoll, events, 1024, timeout);
    for (int index = 0; index < ready; index++) receive(events[index].data.ptr);
}

static void open_peer(peer *self, int port, enum state state, uint32_t index) {
    self->descriptor = tcp_connect(host, port);
    self->state = state;
    self->index = index;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = self};
    epoll_ctl(epoll, EPOLL_CTL_ADD, self->descriptor, &event);
}

int main(int count, char **arguments) {
    const char *path = "/connection/websocket", *request_path = NULL, *token_path = NULL, *watcher_token_path = NULL, *channel_name_path = NULL;
    int port = 8080, publish_port = 0;
    double warmup = 1, seconds = 4, rate = 0;
    pid_t server = 0;
    static const struct option options[] = {
        {"host", 1, 0, 'h'}, {"port", 1, 0, 'p'}, {"path", 1, 0, 'P'}, {"watchers", 1, 0, 'n'}, {"hello", 1, 0, 'H'},
        {"tokens", 1, 0, 't'}, {"ready", 1, 0, 'd'}, {"prefix", 1, 0, 'x'}, {"requests", 1, 0, 'r'}, {"publishers", 1, 0, 'c'},
        {"window", 1, 0, 'W'}, {"warmup", 1, 0, 'w'}, {"seconds", 1, 0, 's'}, {"server", 1, 0, 'S'}, {"watcher-tokens", 1, 0, 'T'},
        {"rate", 1, 0, 'R'}, {"publish-port", 1, 0, 'o'}, {"channels", 1, 0, 'C'}, {"channel-names", 1, 0, 'N'}, {0, 0, 0, 0},
    };
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        switch (option) {
        case 'h': host = optarg; break;
        case 'p': port = atoi(optarg); break;
        case 'P': path = optarg; break;
        case 'n': watchers = atoi(optarg); break;
        case 'H': hello = optarg; break;
        case 't': token_path = optarg; break;
        case 'T': watcher_token_path = optarg; break;
        case 'd': ready_mark = optarg; break;
        case 'x': prefix = optarg; break;
        case 'r': request_path = optarg; break;
        case 'c': publishers = atoi(optarg); break;
        case 'W': window = atoi(optarg); break;
        case 'w': warmup = atof(optarg); break;
        case 's': seconds = atof(optarg); break;
        case 'S': server = atoi(optarg); break;
        case 'R': rate = atof(optarg); break;
        case 'o': publish_port = atoi(optarg); break;
        case 'C': channels = atoi(optarg); break;
        case 'N': channel_name_path = optarg; break;
        default: return 2;
        }
    }
    if (channels < 1) die("--channels is at least 1");
    if (!request_path || watchers < 1 || publishers < 1) die("--requests FILE, --watchers and --publishers are needed");
    prefix_length = strlen(prefix);
    watcher_tokens = lines_read(watcher_token_path);
    channel_names = lines_read(channel_name_path);
    lines tokens = lines_read(token_path);
    work = requests_read(request_path, &tokens, host);
    descriptors_require((unsigned)(watchers + publishers) + 32);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    peer *peers = calloc((size_t)(watchers + publishers), sizeof *peers);

    char upgrade[1024];
    int upgrade_length = snprintf(
        upgrade, sizeof upgrade,
        "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        path, host);
    uint64_t opened = now_ns();
    for (int index = 0; index < watchers; index++) {
        open_peer(&peers[index], port, UPGRADING, (uint32_t)index);
        send_all(peers[index].descriptor, upgrade, (size_t)upgrade_length);
        // No more than a few hundred handshakes at once: a listener's backlog is not what is measured.
        while (index - watching > 256) turn(100);
    }
    while (watching < watchers) {
        turn(100);
        if (now_ns() - opened > 60000000000ull) die("only %d of %d watchers were ready within a minute", watching, watchers);
    }
    double connect_seconds = (double)(now_ns() - opened) / 1e9;
    for (int index = 0; index < publishers; index++) open_peer(&peers[watchers + index], publish_port ? publish_port : port, PUBLISHING, 0);
    if (rate > 0) {
        pause_ns = (uint64_t)(1e9 / rate);
        next_due = now_ns();
    }

    uint64_t measure_at = now_ns() + (uint64_t)(warmup * 1e9), began = 0;
    cpu_time before = {0, 0}, own_before = {0, 0};
    while (true) {
        uint64_t now = now_ns();
        if (!measuring && now >= measure_at) {
            measuring = true;
            began = now;
            before = cpu_time_of(server);
            own_before = cpu_time_own();
        }
        if (measuring && now >= began + (uint64_t)(seconds * 1e9)) break;
        for (int index = 0; index < publishers; index++) publish(&peers[watchers + index]);
        turn(pause_ns ? 1 : 100);
    }
    double elapsed = (double)(now_ns() - began) / 1e9;
    cpu_time after = cpu_time_of(server), own = cpu_time_own();
    double delivered = measured.deliveries ? (double)measured.deliveries : 1;
    printf("{\"watchers\":%d,\"connect_seconds\":%.2f,\"seconds\":%.3f,\"publications_per_second\":%.1f,\"deliveries_per_second\":%.0f,"
           "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"told_p50_ms\":%.3f,\"told_p99_ms\":%.3f,\"bytes_per_delivery\":%.0f,\"deliveries_per_read\":%.2f,\"user_us\":%.3f,\"system_us\":%.3f,"
           "\"server_busy\":%.2f,\"receiver_busy\":%.2f,\"refused\":%llu,\"used\":%zu}\n",
           watchers, connect_seconds, elapsed, (double)measured.publications / elapsed, (double)measured.deliveries / elapsed,
           histogram_milliseconds(&measured.latencies, 0.5), histogram_milliseconds(&measured.latencies, 0.99),
           histogram_milliseconds(&measured.told, 0.5), histogram_milliseconds(&measured.told, 0.99),
           (double)measured.bytes / delivered, measured.reads ? (double)measured.deliveries / (double)measured.reads : 0,
           (after.user - before.user) * 1e6 / delivered, (after.system - before.system) * 1e6 / delivered,
           (after.user + after.system - before.user - before.system) / elapsed,
           (own.user + own.system - own_before.user - own_before.system) / elapsed, (unsigned long long)measured.refusals, next_request);
    return 0;
}
