// httpload: a closed-loop HTTP/1.1 load generator. Every connection sends a request, waits for the whole answer, sends
// the next; requests come from a file in order, each is sent once (`--repeat` starts again at the top).
//
//   httpload --port 8080 --requests FILE [--tokens FILE] [--connections 64] [--warmup 1] [--seconds 5] [--server PID] [--repeat]
//
// Prints one JSON object: requests per second, latency, answers by status class, the server's CPU time per request, and
// how many lines of the file were used. The first refused answer goes to stderr.
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <load.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
    int descriptor;
    bool waiting;
    uint64_t sent_at;
    buffer input;
} client;

static requests work;
static size_t next_request;
static bool repeat;
static bool measuring;
static histogram latencies;
static uint64_t answers[6];  // by status class, index 2 = 2xx; index 0 = connection lost

static bool send_next(client *self) {
    if (next_request == work.count) {
        if (!repeat) return false;
        next_request = 0;
    }
    self->sent_at = now_ns();
    self->waiting = send_all(self->descriptor, work.bytes[next_request], work.lengths[next_request]);
    if (!self->waiting) die("the server closed a connection");
    next_request++;
    return true;
}

static void show_refusal(int status, const char *bytes, size_t length) {
    static bool shown;
    if (shown || status < 300) return;
    shown = true;
    fprintf(stderr, "first refusal: %.*s\n", (int)(length < 1200 ? length : 1200), bytes);
}

// Reads what has come; true when the client has nothing more to ask.
static bool receive(client *self) {
    static char chunk[1 << 18];
    ssize_t count = recv(self->descriptor, chunk, sizeof chunk, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (count <= 0) die("the server closed a connection");
    buffer_append(&self->input, chunk, (size_t)count);
    int status = 0;
    ssize_t length = http_response(self->input.bytes, self->input.length, &status);
    if (length < 0) die("not an HTTP answer");
    if (length == 0) return false;
    if (measuring) {
        histogram_add(&latencies, now_ns() - self->sent_at);
        answers[status >= 100 && status < 600 ? status / 100 : 0]++;
    }
    show_refusal(status, self->input.bytes, (size_t)length);
    buffer_consume(&self->input, (size_t)length);
    self->waiting = false;
    return !send_next(self);
}

int main(int count, char **arguments) {
    const char *host = "127.0.0.1", *request_path = NULL, *token_path = NULL;
    int port = 8080, connections = 64;
    double warmup = 1, seconds = 5;
    pid_t server = 0;
    static const struct option options[] = {
        {"host", 1, 0, 'h'}, {"port", 1, 0, 'p'}, {"requests", 1, 0, 'r'}, {"tokens", 1, 0, 't'}, {"connections", 1, 0, 'c'},
        {"warmup", 1, 0, 'w'}, {"seconds", 1, 0, 's'}, {"server", 1, 0, 'S'}, {"repeat", 0, 0, 'R'}, {0, 0, 0, 0},
    };
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        switch (option) {
        case 'h': host = optarg; break;
        case 'p': port = atoi(optarg); break;
        case 'r': request_path = optarg; break;
        case 't': token_path = optarg; break;
        case 'c': connections = atoi(optarg); break;
        case 'w': warmup = atof(optarg); break;
        case 's': seconds = atof(optarg); break;
        case 'S': server = atoi(optarg); break;
        case 'R': repeat = true; break;
        default: return 2;
        }
    }
    if (!request_path || connections < 1) die("--requests FILE is needed");
    lines tokens = lines_read(token_path);
    work = requests_read(request_path, &tokens, host);
    if (work.count == 0) die("%s holds no request", request_path);
    descriptors_require((unsigned)connections + 32);

    int epoll = epoll_create1(EPOLL_CLOEXEC);
    client *clients = calloc((size_t)connections, sizeof *clients);
    for (int index = 0; index < connections; index++) {
        clients[index].descriptor = tcp_connect(host, port);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &clients[index]};
        epoll_ctl(epoll, EPOLL_CTL_ADD, clients[index].descriptor, &event);
    }

    uint64_t measure_at = now_ns() + (uint64_t)(warmup * 1e9), began = 0;
    cpu_time before = {0, 0};
    int active = 0;
    for (int index = 0; index < connections; index++) active += send_next(&clients[index]);
    while (active > 0) {
        uint64_t now = now_ns();
        if (!measuring && now >= measure_at) {
            measuring = true;
            began = now;
            before = cpu_time_of(server);
        }
        if (measuring && now >= began + (uint64_t)(seconds * 1e9)) break;
        struct epoll_event events[256];
        int ready = epoll_wait(epoll, events, 256, 100);
        for (int index = 0; index < ready; index++) active -= receive(events[index].data.ptr);
    }
    bool exhausted = active == 0;
    double elapsed = measuring ? (double)(now_ns() - began) / 1e9 : 0;
    cpu_time after = cpu_time_of(server);
    double operations = latencies.total ? (double)latencies.total : 1;
    printf("{\"operations\":%llu,\"seconds\":%.3f,\"per_second\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,"
           "\"ok\":%llu,\"refused\":%llu,\"failed\":%llu,\"user_us\":%.2f,\"system_us\":%.2f,\"used\":%zu,\"exhausted\":%s}\n",
           (unsigned long long)latencies.total, elapsed, elapsed > 0 ? (double)latencies.total / elapsed : 0,
           histogram_milliseconds(&latencies, 0.5), histogram_milliseconds(&latencies, 0.99), (unsigned long long)answers[2],
           (unsigned long long)(answers[3] + answers[4]), (unsigned long long)(answers[5] + answers[1] + answers[0]),
           (after.user - before.user) * 1e6 / operations, (after.system - before.system) * 1e6 / operations, next_request,
           exhausted ? "true" : "false");
    return 0;
}
