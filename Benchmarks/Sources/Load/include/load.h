// What the load generators share: a clock, a histogram, a process's CPU time, sockets, and just enough HTTP.
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Prints to stderr and exits 1. For conditions that make the measurement worthless.
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

// CLOCK_MONOTONIC in nanoseconds.
uint64_t now_ns(void);

// Latencies in 32 sub-buckets per power of two: a percentile is at most about 3 % too high.
#define HISTOGRAM_BUCKETS (64 * 32)
typedef struct {
    uint64_t counts[HISTOGRAM_BUCKETS];
    uint64_t total;
} histogram;
void histogram_add(histogram *self, uint64_t nanoseconds);
double histogram_milliseconds(const histogram *self, double quantile);

// CPU time of a whole process, all threads, in seconds. Ticks of 10 ms.
typedef struct {
    double user;
    double system;
} cpu_time;
cpu_time cpu_time_of(pid_t process);
// CPU time of the caller.
cpu_time cpu_time_own(void);

// Bytes that grow at the end and are consumed at the front.
typedef struct {
    char *bytes;
    size_t length;
    size_t capacity;
} buffer;
void buffer_append(buffer *self, const void *bytes, size_t length);
void buffer_consume(buffer *self, size_t length);

// Lifts the descriptor limit to what the system allows; dies when that is below `needed`.
void descriptors_require(unsigned needed);

// A connected, non-blocking TCP socket without Nagle's delay. Dies when nobody listens.
int tcp_connect(const char *host, int port);

// Sends everything, waiting where the socket is full. False when the peer is gone.
bool send_all(int descriptor, const void *bytes, size_t length);

// One whole HTTP/1.1 answer at the front of `bytes`: its length, 0 while incomplete, -1 when it is not HTTP.
ssize_t http_response(const char *bytes, size_t length, int *status);

// Lines of a text file, without their line ends.
typedef struct {
    char **items;
    size_t count;
} lines;
lines lines_read(const char *path);

// Requests ready to be sent.
typedef struct {
    char **bytes;
    size_t *lengths;
    size_t count;
} requests;
// Reads `METHOD PATH TOKEN BODY` lines; TOKEN is a line number (from 0) of `tokens`, or `-`; BODY is JSON, or absent.
requests requests_read(const char *path, const lines *tokens, const char *host);

#endif
