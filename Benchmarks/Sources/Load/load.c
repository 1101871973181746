#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void histogram_add(histogram *self, uint64_t nanoseconds) {
    uint64_t value = nanoseconds < 32 ? 32 : nanoseconds;
    unsigned power = 63 - (unsigned)__builtin_clzll(value);
    unsigned bucket = power * 32 + (unsigned)((value >> (power - 5)) & 31);
    self->counts[bucket]++;
    self->total++;
}

double histogram_milliseconds(const histogram *self, double quantile) {
    if (self->total == 0) return 0;
    uint64_t wanted = (uint64_t)(quantile * (double)self->total), seen = 0;
    for (unsigned bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        seen += self->counts[bucket];
        if (seen > wanted || seen == self->total) {
            uint64_t upper = (uint64_t)(33 + bucket % 32) << (bucket / 32 - 5);
            return (double)upper / 1e6;
        }
    }
    return 0;
}

cpu_time cpu_time_of(pid_t process) {
    cpu_time result = {0, 0};
    if (process <= 0) return result;
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", process);
    FILE *file = fopen(path, "r");
    if (!file) return result;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;
    // The command's name may hold spaces and brackets: the fields are counted from its last bracket.
    char *fields = strrchr(text, ')');
    unsigned long user = 0, system = 0;
    if (fields && sscanf(fields + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) == 2) {
        double ticks = (double)sysconf(_SC_CLK_TCK);
        result.user = (double)user / ticks;
        result.system = (double)system / ticks;
    }
    return result;
}

cpu_time cpu_time_own(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    cpu_time result = {
        .user = (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6,
        .system = (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6,
    };
    return result;
}

void buffer_append(buffer *self, const void *bytes, size_t length) {
    if (self->length + length > self->capacity) {
        self->capacity = (self->length + length) * 2 + 256;
        self->bytes = realloc(self->bytes, self->capacity);
        if (!self->bytes) die("out of memory");
    }
    memcpy(self->bytes + self->length, bytes, length);
    self->length += length;
}

void buffer_consume(buffer *self, size_t length) {
    memmove(self->bytes, self->bytes + length, self->length - length);
    self->length -= length;
}

void descriptors_require(unsigned needed) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < needed) die("%u descriptors are needed, the system allows %lu", needed, (unsigned long)limit.rlim_cur);
}

int tcp_connect(const char *host, int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1) die("not an IPv4 address: %s", host);
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) die("socket: %s", strerror(errno));
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) die("connect to %s:%d: %s", host, port, strerror(errno));
    int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    return descriptor;
}

bool send_all(int descriptor, const void *bytes, size_t length) {
    const char *next = bytes;
    while (length > 0) {
        ssize_t sent = send(descriptor, next, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) {
            struct pollfd writable = {.fd = descriptor, .events = POLLOUT};
            poll(&writable, 1, 1000);
            continue;
        }
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        next += sent;
        length -= (size_t)sent;
    }
    return true;
}

ssize_t http_response(const char *bytes, size_t length, int *status) {
    if (length >= 5 && memcmp(bytes, "HTTP/", 5) != 0) return -1;
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t head = (size_t)(end - bytes) + 4, body = 0;
    *status = atoi(bytes + 9);
    for (const char *line = memmem(bytes, head, "\r\n", 2) + 2; line < end; line = memmem(line, head, "\r\n", 2) + 2) {
        if (strncasecmp(line, "content-length:", 15) == 0) body = (size_t)atol(line + 15);
        if (strncasecmp(line, "transfer-encoding:", 18) == 0) {
            // No chunk of a JSON answer ends in this sequence before the last one does.
            const char *last = memmem(bytes + head - 2, length - head + 2, "\r\n0\r\n\r\n", 7);
            return last ? last + 7 - bytes : 0;
        }
    }
    return length >= head + body ? (ssize_t)(head + body) : 0;
}

lines lines_read(const char *path) {
    lines result = {NULL, 0};
    if (!path) return result;
    FILE *file = fopen(path, "r");
    if (!file) die("%s: %s", path, strerror(errno));
    size_t capacity = 0, size = 0;
    char *line = NULL;
    ssize_t length;
    while ((length = getline(&line, &size, file)) > 0) {
        if (line[length - 1] == '\n') line[length - 1] = 0;
        if (line[0] == 0) continue;
        if (result.count == capacity) {
            capacity = capacity * 2 + 64;
            result.items = realloc(result.items, capacity * sizeof *result.items);
        }
        result.items[result.count++] = strdup(line);
    }
    free(line);
    fclose(file);
    return result;
}

requests requests_read(const char *path, const lines *tokens, const char *host) {
    lines text = lines_read(path);
    requests result = {calloc(text.count + 1, sizeof(char *)), calloc(text.count + 1, sizeof(size_t)), text.count};
    for (size_t index = 0; index < text.count; index++) {
        char *rest = text.items[index];
        char *method = strsep(&rest, " "), *target = strsep(&rest, " "), *token = strsep(&rest, " ");
        if (!method || !target || !token) die("%s:%zu: expected METHOD PATH TOKEN [BODY]", path, index + 1);
        char authorization[4096] = "", content[96] = "";
        if (strcmp(token, "-") != 0) {
            size_t number = (size_t)atol(token);
            if (number >= tokens->count) die("%s:%zu: there is no token %zu", path, index + 1, number);
            snprintf(authorization, sizeof authorization, "Authorization: Bearer %s\r\n", tokens->items[number]);
        }
        const char *body = rest ? rest : "";
        if (*body) snprintf(content, sizeof content, "Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen(body));
        int length = asprintf(
            &result.bytes[index], "%s %s HTTP/1.1\r\nHost: %s\r\n%s%s\r\n%s", method, target, host, authorization, content, body);
        if (length < 0) die("out of memory");
        result.lengths[index] = (size_t)length;
        free(text.items[index]);
    }
    free(text.items);
    return result;
}
