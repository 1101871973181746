/* wsload - WebSocket fan-out / idle-connection load generator (C11, epoll, one thread).
 *
 * Opens N subscriber WebSocket connections, optionally sends a subscribe message on each, then publishes
 * messages (over its own WebSocket connection(s) or HTTP POST) and counts every delivered copy. Each published
 * message carries a CLOCK_MONOTONIC timestamp, so latency is publish-to-receive in one clock domain.
 *
 * Built with the others by `swift build`; needs zlib and OpenSSL. Certificates are not checked.
 *
 * Templates (paths, subscribe and publish messages) substitute
 *   $i  connection index (subscribers) or message sequence number (publishes)
 *   $t  topic index (= $i modulo --topics)
 *   $ts timestamp marker "@T<19 digits>@" (publish only; needed for latency and counting)
 *   $pad filler of --pad bytes,  $$ a dollar sign
 *
 * Output: one JSON object on stdout; progress on stderr unless -q.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#define MARK "@T"
#define MARK_LEN 2
#define TS_DIGITS 19
#define MARK_TOTAL (MARK_LEN + TS_DIGITS + 1)
#define MAXPIDS 64
#define RBUF (1 << 18)

enum { CS_CONNECTING, CS_TLS, CS_HANDSHAKE, CS_OPEN, CS_READY, CS_CLOSED };
enum { K_SUB, K_PUBWS, K_PUBHTTP };

typedef struct {
    int fd;
    uint32_t idx;
    uint8_t kind, state;
    bool want_out, deflate;
    uint32_t pend_len, pend_cap;   /* unparsed input carried over */
    unsigned char *pend;
    uint32_t out_len, out_off, out_cap;
    unsigned char *out;
    z_stream *zs;
    SSL *ssl;
    uint32_t inflight;             /* HTTP publisher: requests awaiting a response */
    uint64_t http_sent_at;
    uint64_t opened_at;
} conn;

/* ---------- options ---------- */
static const char *o_host = "127.0.0.1", *o_path = "/", *o_pubpath = NULL, *o_submsg = NULL, *o_suback = NULL;
static const char *o_pubmsg = NULL, *o_src = NULL, *o_pubmode = "none", *o_label = "", *o_proto = NULL, *o_pubinit = NULL, *o_echo = NULL;
static const char *o_httptype = "application/json";
static char *o_hdrs[32]; static int o_nhdrs;
static char *o_pubhdrs[32]; static int o_npubhdrs;
static int o_port = 8080, o_nports = 1, o_pubport = 0, o_srccount = 1, o_n = 1, o_topics = 1, o_pad = 0, o_npub = 1;
static int o_maxpending = 256, o_window = 2, o_inflate_sample = 0, o_rcvbuf = 0;
static double o_rate = 0, o_duration = 5, o_warmup = 1, o_settle = 1, o_idle = 0, o_connrate = 0, o_connect_timeout = 120;
static bool o_deflate = false, o_noctx = false, o_quiet = false, o_saturate = false, o_hold = false, o_tls = false;
static pid_t o_pids[MAXPIDS]; static int o_npids;

/* ---------- state ---------- */
static int ep;
static conn *conns; static int ntotal;
static int n_open, n_ready, n_fail, n_closed, n_pending;
static int pub_ready;
static uint64_t delivered, delivered_bytes, frames_in, frames_compressed, untimed;
static uint64_t published, http_ok, http_err, pings, echoed, ctl_close, other_msgs;
static bool measuring; static uint64_t m_deliv, m_bytes, m_frames, m_pub;
static unsigned char rbuf[RBUF + 65536];
static z_stream *shared_zs;
static SSL_CTX *tls;
static unsigned char zbuf[1 << 20];
static volatile sig_atomic_t stop_flag;

static uint64_t now_ns(void) {
    struct timespec ts; clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000000ull + (uint64_t)ts.tv_nsec;
}
static void die(const char *fmt, ...) {
    va_list ap; va_start(ap, fmt); vfprintf(stderr, fmt, ap); va_end(ap); fputc('\n', stderr); exit(2);
}
static void say(const char *fmt, ...) {
    if (o_quiet) return;
    va_list ap; va_start(ap, fmt); vfprintf(stderr, fmt, ap); va_end(ap); fputc('\n', stderr);
}
static uint64_t rng = 0x9E3779B97F4A7C15ull;
static uint32_t rnd(void) { rng ^= rng << 13; rng ^= rng >> 7; rng ^= rng << 17; return (uint32_t)(rng >> 16); }

/* ---------- log-linear histogram: 64 sub-buckets per power of two (<=1.6 % error) ---------- */
#define HB 6
typedef struct { uint64_t c[64 << HB]; uint64_t n, max, min; double sum; } hist;
static hist h_lat, h_open, h_http;
static void h_add(hist *h, uint64_t v) {
    int e = v < (1u << HB) ? 0 : 63 - __builtin_clzll(v) - HB + 1;
    uint64_t sub = e == 0 ? v : (v >> (e - 1)) - (1u << HB);
    h->c[((uint64_t)e << HB) + sub]++; h->n++; h->sum += (double)v;
    if (v > h->max) h->max = v;
    if (h->n == 1 || v < h->min) h->min = v;
}
static double h_q(const hist *h, double q) {
    if (!h->n) return 0;
    uint64_t want = (uint64_t)(q * (double)h->n), acc = 0;
    for (int i = 0; i < (64 << HB); i++) {
        acc += h->c[i];
        if (acc > want) {
            int e = i >> HB; uint64_t sub = (uint64_t)(i & ((1 << HB) - 1));
            uint64_t v = e == 0 ? sub : (sub + (1u << HB)) << (e - 1);
            return (double)(v > h->max ? h->max : v);
        }
    }
    return (double)h->max;
}

/* ---------- /proc sampling of the server(s) ---------- */
typedef struct { double user, sys; uint64_t rss_kb, pss_kb, threads; } psample;
static psample sample_pids(void) {
    psample s = {0};
    char p[64], buf[4096];
    double hz = (double)sysconf(_SC_CLK_TCK);
    for (int i = 0; i < o_npids; i++) {
        snprintf(p, sizeof p, "/proc/%d/stat", o_pids[i]);
        FILE *f = fopen(p, "r"); if (!f) continue;
        size_t n = fread(buf, 1, sizeof buf - 1, f); fclose(f); buf[n] = 0;
        char *q = strrchr(buf, ')'); if (!q) continue;
        unsigned long ut = 0, st = 0;
        if (sscanf(q + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &ut, &st) == 2) { s.user += (double)ut / hz; s.sys += (double)st / hz; }
        snprintf(p, sizeof p, "/proc/%d/status", o_pids[i]);
        f = fopen(p, "r"); if (!f) continue;
        while (fgets(buf, sizeof buf, f)) {
            unsigned long v;
            if (sscanf(buf, "VmRSS: %lu", &v) == 1) s.rss_kb += v;
            if (sscanf(buf, "Threads: %lu", &v) == 1) s.threads += v;
        }
        fclose(f);
    }
    return s;
}
typedef struct { uint64_t tcp_inuse, tcp_mem_pages, slab_kb, memavail_kb; } ksample;
static ksample sample_kernel(void) {
    ksample k = {0}; char b[512]; FILE *f = fopen("/proc/net/sockstat", "r");
    if (f) { while (fgets(b, sizeof b, f)) { unsigned long a, c; if (sscanf(b, "TCP: inuse %lu orphan %*u tw %*u alloc %*u mem %lu", &a, &c) == 2) { k.tcp_inuse = a; k.tcp_mem_pages = c; } } fclose(f); }
    f = fopen("/proc/meminfo", "r");
    if (f) { while (fgets(b, sizeof b, f)) { unsigned long a; if (sscanf(b, "Slab: %lu", &a) == 1) k.slab_kb = a; if (sscanf(b, "MemAvailable: %lu", &a) == 1) k.memavail_kb = a; } fclose(f); }
    return k;
}

/* ---------- templates ---------- */
static char *padbuf;
static size_t expand(char *dst, size_t cap, const char *tpl, uint64_t i, uint64_t t) {
    size_t o = 0;
    for (const char *p = tpl; *p; p++) {
        if (o + 64 >= cap) die("message template too large");
        if (*p != '$') { dst[o++] = *p; continue; }
        if (!strncmp(p, "$ts", 3)) { o += (size_t)sprintf(dst + o, MARK "%019llu@", (unsigned long long)now_ns()); p += 2; }
        else if (!strncmp(p, "$pad", 4)) { if (o + (size_t)o_pad + 64 >= cap) die("pad too large"); memcpy(dst + o, padbuf, (size_t)o_pad); o += (size_t)o_pad; p += 3; }
        else if (p[1] == 'i') { o += (size_t)sprintf(dst + o, "%llu", (unsigned long long)i); p++; }
        else if (p[1] == 't') { o += (size_t)sprintf(dst + o, "%llu", (unsigned long long)t); p++; }
        else if (p[1] == '$') { dst[o++] = '$'; p++; }
        else dst[o++] = '$';
    }
    dst[o] = 0;
    return o;
}

/* ---------- connection I/O ---------- */
static void ep_mod(conn *c) {
    struct epoll_event ev = { .events = EPOLLIN | (c->want_out ? EPOLLOUT : 0u), .data.ptr = c };
    epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &ev);
}
static void close_conn(conn *c, bool failed) {
    if (c->state == CS_CLOSED) return;
    if (c->state < CS_OPEN) { n_pending--; }
    if (failed && c->state < CS_OPEN) n_fail++; else n_closed++;
    if (c->state >= CS_OPEN && c->kind == K_SUB) n_open--;
    if (c->state == CS_READY && c->kind == K_SUB) n_ready--;
    if (c->state >= CS_OPEN && c->kind != K_SUB) pub_ready--;
    c->state = CS_CLOSED; close(c->fd); c->fd = -1;
    free(c->pend); free(c->out); c->pend = c->out = NULL;
    if (c->zs) { inflateEnd(c->zs); free(c->zs); c->zs = NULL; }
    SSL_free(c->ssl); c->ssl = NULL;
}
/* Like recv(2) and send(2) on a socket that does not block, encrypted where the connection is. */
static ssize_t tls_result(conn *c, int r) {
    if (r > 0) return r;
    switch (SSL_get_error(c->ssl, r)) {
    case SSL_ERROR_WANT_READ: case SSL_ERROR_WANT_WRITE: errno = EAGAIN; return -1;
    case SSL_ERROR_ZERO_RETURN: return 0;
    default: errno = ECONNRESET; return -1;
    }
}
static ssize_t conn_recv(conn *c, void *p, size_t n) { return c->ssl ? tls_result(c, SSL_read(c->ssl, p, (int)n)) : recv(c->fd, p, n, 0); }
static ssize_t conn_send(conn *c, const void *p, size_t n) {
    return c->ssl ? tls_result(c, SSL_write(c->ssl, p, (int)n)) : send(c->fd, p, n, MSG_NOSIGNAL);
}
static void flush_out(conn *c) {
    while (c->out_off < c->out_len) {
        ssize_t r = conn_send(c, c->out + c->out_off, c->out_len - c->out_off);
        if (r < 0) {
            if (errno == EINTR) continue;
            if (errno == EAGAIN) { if (!c->want_out) { c->want_out = true; ep_mod(c); } return; }
            close_conn(c, true); return;
        }
        c->out_off += (uint32_t)r;
    }
    c->out_len = c->out_off = 0;
    if (c->out_cap > 4096 && c->kind == K_SUB) { free(c->out); c->out = NULL; c->out_cap = 0; }
    if (c->want_out) { c->want_out = false; ep_mod(c); }
}
static void queue_out(conn *c, const void *p, size_t n) {
    if (c->out_len + n > c->out_cap) {
        c->out_cap = (uint32_t)(c->out_len + n + 256);
        c->out = realloc(c->out, c->out_cap);
    }
    memcpy(c->out + c->out_len, p, n); c->out_len += (uint32_t)n;
}
static void ws_send(conn *c, int op, const void *p, size_t n) {
    unsigned char h[14]; size_t hl = 2;
    h[0] = (unsigned char)(0x80 | op);
    if (n < 126) h[1] = (unsigned char)(0x80 | n);
    else if (n < 65536) { h[1] = 0x80 | 126; h[2] = (unsigned char)(n >> 8); h[3] = (unsigned char)n; hl = 4; }
    else { h[1] = 0x80 | 127; for (int i = 0; i < 8; i++) h[2 + i] = (unsigned char)((uint64_t)n >> (56 - 8 * i)); hl = 10; }
    uint32_t k = rnd(); memcpy(h + hl, &k, 4); hl += 4;
    queue_out(c, h, hl);
    size_t at = c->out_len; queue_out(c, p, n);
    unsigned char *m = (unsigned char *)&k;
    for (size_t i = 0; i < n; i++) c->out[at + i] ^= m[i & 3];
    flush_out(c);
}
static void on_open(conn *c) {
    n_pending--;
    c->state = CS_OPEN;
    h_add(&h_open, now_ns() - c->opened_at);
    if (c->kind != K_SUB) {
        pub_ready++;
        if (o_pubinit && c->kind == K_PUBWS) { static char b[65536]; size_t n = expand(b, sizeof b, o_pubinit, c->idx, 0); ws_send(c, 1, b, n); }
        return;
    }
    n_open++;
    if (o_submsg) {
        static char b[65536];
        size_t n = expand(b, sizeof b, o_submsg, c->idx, c->idx % (uint32_t)o_topics);
        ws_send(c, 1, b, n);
    }
    if (!o_suback && c->state == CS_OPEN) { c->state = CS_READY; n_ready++; }
}
static void start_handshake(conn *c) {
    static char b[16384]; char path[4096];
    c->state = CS_HANDSHAKE;
    if (c->kind == K_PUBHTTP) { on_open(c); return; }
    const char *tpl = c->kind == K_SUB ? o_path : (o_pubpath ? o_pubpath : o_path);
    expand(path, sizeof path, tpl, c->idx, c->idx % (uint32_t)o_topics);
    static const char b64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char key[25]; for (int i = 0; i < 21; i++) key[i] = b64[rnd() & 63];
    key[21] = 'A'; key[22] = key[23] = '='; key[24] = 0;
    int n = snprintf(b, sizeof b, "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n",
                     path, o_host, o_port, key);
    if (o_deflate) n += snprintf(b + n, sizeof b - (size_t)n, "Sec-WebSocket-Extensions: permessage-deflate%s\r\n", o_noctx ? "; server_no_context_takeover; client_no_context_takeover" : "");
    if (o_proto) n += snprintf(b + n, sizeof b - (size_t)n, "Sec-WebSocket-Protocol: %s\r\n", o_proto);
    for (int i = 0; i < o_nhdrs; i++) n += snprintf(b + n, sizeof b - (size_t)n, "%s\r\n", o_hdrs[i]);
    if (c->kind != K_SUB) for (int i = 0; i < o_npubhdrs; i++) n += snprintf(b + n, sizeof b - (size_t)n, "%s\r\n", o_pubhdrs[i]);
    n += snprintf(b + n, sizeof b - (size_t)n, "\r\n");
    queue_out(c, b, (size_t)n); flush_out(c);
}

static void shake_hands(conn *c) {
    int r = SSL_connect(c->ssl);
    if (r == 1) { start_handshake(c); return; }
    int error = SSL_get_error(c->ssl, r);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) { close_conn(c, true); return; }
    bool want_out = error == SSL_ERROR_WANT_WRITE;
    if (want_out != c->want_out) { c->want_out = want_out; ep_mod(c); }
}
static void on_connected(conn *c) {
    if (!o_tls) { start_handshake(c); return; }
    c->state = CS_TLS;
    c->ssl = SSL_new(tls);
    SSL_set_fd(c->ssl, c->fd);
    shake_hands(c);
}

/* Counts every timestamp marker inside one text message. */
static void on_text(const unsigned char *p, size_t n, size_t wire) {
    static size_t hint;
    size_t found = 0, off = 0;
    uint64_t t = 0;
    while (off + MARK_TOTAL <= n) {
        const unsigned char *q;
        if (!found && hint + MARK_TOTAL <= n && p[hint] == '@' && p[hint + 1] == 'T' && p[hint + MARK_TOTAL - 1] == '@') q = p + hint;
        else q = memmem(p + off, n - off, MARK, MARK_LEN);
        if (!q || (size_t)(q - p) + MARK_TOTAL > n) break;
        if (!found) hint = (size_t)(q - p);
        uint64_t ts = 0; bool ok = q[MARK_TOTAL - 1] == '@';
        for (int i = 0; ok && i < TS_DIGITS; i++) { unsigned d = q[MARK_LEN + i] - (unsigned)'0'; if (d > 9) ok = false; ts = ts * 10 + d; }
        if (ok) {
            if (!t) t = now_ns();
            found++;
            if (measuring) h_add(&h_lat, t > ts ? t - ts : 0);
        }
        off = (size_t)(q - p) + MARK_TOTAL;
    }
    if (!found) { other_msgs++; return; }
    delivered += found; delivered_bytes += wire;
    if (measuring) { m_deliv += found; m_bytes += wire; m_frames++; }
}
static void on_compressed(conn *c, const unsigned char *p, size_t n) {
    frames_compressed++;
    bool timed = o_inflate_sample <= 0 || c->idx < (uint32_t)o_inflate_sample;
    if (!timed) { untimed++; delivered++; delivered_bytes += n; if (measuring) { m_deliv++; m_bytes += n; m_frames++; } return; }
    z_stream *z;
    if (o_noctx) {
        if (!shared_zs) { shared_zs = calloc(1, sizeof *shared_zs); inflateInit2(shared_zs, -15); }
        z = shared_zs; inflateReset(z);
    } else {
        if (!c->zs) { c->zs = calloc(1, sizeof *c->zs); inflateInit2(c->zs, -15); }
        z = c->zs;
    }
    static unsigned char in[1 << 20];
    if (n + 4 > sizeof in) return;
    memcpy(in, p, n); memcpy(in + n, "\0\0\xff\xff", 4);
    z->next_in = in; z->avail_in = (unsigned)n + 4; z->next_out = zbuf; z->avail_out = sizeof zbuf;
    int r = inflate(z, Z_SYNC_FLUSH);
    if (r != Z_OK && r != Z_BUF_ERROR && r != Z_STREAM_END) { close_conn(c, true); return; }
    on_text(zbuf, sizeof zbuf - z->avail_out, n);
}
/* Parses as many frames as are complete; returns bytes consumed. */
static size_t parse_frames(conn *c, unsigned char *p, size_t n) {
    size_t off = 0;
    while (c->state >= CS_OPEN && c->state != CS_CLOSED && n - off >= 2) {
        unsigned char *f = p + off; size_t hl = 2; uint64_t len = f[1] & 0x7f; bool masked = f[1] & 0x80;
        if (len == 126) { if (n - off < 4) break; len = ((uint64_t)f[2] << 8) | f[3]; hl = 4; }
        else if (len == 127) { if (n - off < 10) break; len = 0; for (int i = 0; i < 8; i++) len = (len << 8) | f[2 + i]; hl = 10; }
        if (masked) hl += 4;
        if (n - off < hl + len) break;
        int op = f[0] & 0x0f; frames_in++;
        if (op == 1 || op == 2 || op == 0) {
            if (c->kind == K_SUB && c->state == CS_OPEN && o_suback && memmem(f + hl, len, o_suback, strlen(o_suback))) { c->state = CS_READY; n_ready++; }
            if (o_echo && len == strlen(o_echo) && !memcmp(f + hl, o_echo, len)) { echoed++; ws_send(c, op, f + hl, len); }
            else if (f[0] & 0x40) on_compressed(c, f + hl, len);
            else if (c->kind == K_SUB) on_text(f + hl, len, len);
        } else if (op == 9) { pings++; ws_send(c, 10, f + hl, len); }
        else if (op == 8) { ctl_close++; close_conn(c, false); return n; }
        off += hl + len;
    }
    return off;
}
static size_t parse_http_resp(conn *c, unsigned char *p, size_t n) {
    size_t off = 0;
    while (off < n) {
        unsigned char *e = memmem(p + off, n - off, "\r\n\r\n", 4);
        if (!e) break;
        size_t hl = (size_t)(e - (p + off)) + 4;
        int st = atoi((char *)p + off + 9);
        size_t total = hl; bool chunked = false;
        char save = (char)p[off + hl - 1]; p[off + hl - 1] = 0;
        char *cl = strcasestr((char *)p + off, "\r\ncontent-length:");
        if (cl) total = hl + (size_t)atol(cl + 17);
        else if (strcasestr((char *)p + off, "\r\ntransfer-encoding: chunked")) chunked = true;
        p[off + hl - 1] = (unsigned char)save;
        if (chunked) { unsigned char *z = memmem(p + off + hl, n - off - hl, "0\r\n\r\n", 5); if (!z) break; total = (size_t)(z + 5 - (p + off)); }
        if (n - off < total) break;
        if (st >= 200 && st < 300) http_ok++; else http_err++;
        if (c->inflight) { c->inflight--; if (measuring) h_add(&h_http, now_ns() - c->http_sent_at); }
        off += total;
    }
    return off;
}
static void on_input(conn *c) {
    for (;;) {
        size_t have = 0;
        if (c->pend_len) { memcpy(rbuf, c->pend, c->pend_len); have = c->pend_len; }
        ssize_t r = conn_recv(c, rbuf + have, RBUF - have);
        if (r == 0) { close_conn(c, true); return; }
        if (r < 0) { if (errno == EINTR) continue; if (errno == EAGAIN) return; close_conn(c, true); return; }
        size_t n = have + (size_t)r, used = 0;
        if (c->state == CS_HANDSHAKE) {
            rbuf[n] = 0;
            unsigned char *e = memmem(rbuf, n, "\r\n\r\n", 4);
            if (e) {
                if (n < 12 || memcmp(rbuf + 9, "101", 3)) {
                    static int shown; if (shown++ < 3) say("handshake refused: %.*s", (int)((unsigned char *)memchr(rbuf, '\r', n) - rbuf), rbuf);
                    close_conn(c, true); return;
                }
                used = (size_t)(e - rbuf) + 4;
                char s = (char)rbuf[used - 1]; rbuf[used - 1] = 0;
                c->deflate = strcasestr((char *)rbuf, "permessage-deflate") != NULL;
                rbuf[used - 1] = (unsigned char)s;
                on_open(c);
                if (c->state == CS_CLOSED) return;
            }
        }
        if (c->state >= CS_OPEN) used += c->kind == K_PUBHTTP ? parse_http_resp(c, rbuf + used, n - used) : parse_frames(c, rbuf + used, n - used);
        if (c->state == CS_CLOSED) return;
        size_t rest = n - used;
        if (rest) {
            if (c->pend_cap < rest) { c->pend_cap = (uint32_t)rest + 256; unsigned char *np = malloc(c->pend_cap); free(c->pend); c->pend = np; }
            memcpy(c->pend, rbuf + used, rest);
        } else if (c->pend && c->pend_cap) { free(c->pend); c->pend = NULL; c->pend_cap = 0; }
        c->pend_len = (uint32_t)rest;
        if (!c->ssl && n < RBUF) return;  /* OpenSSL may hold more than the socket tells of */
    }
}
static void start_connect(conn *c, int k) {
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) die("socket: %s (connections so far %d; check ulimit -n)", strerror(errno), n_open);
    int one = 1;
    if (o_rcvbuf) setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &o_rcvbuf, sizeof o_rcvbuf);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (o_src) {
        struct sockaddr_in s = { .sin_family = AF_INET };
        inet_pton(AF_INET, o_src, &s.sin_addr);
        s.sin_addr.s_addr = htonl(ntohl(s.sin_addr.s_addr) + (uint32_t)(k % o_srccount));
        setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
        if (bind(c->fd, (struct sockaddr *)&s, sizeof s)) die("bind source: %s", strerror(errno));
    }
    struct sockaddr_in d = { .sin_family = AF_INET, .sin_port = htons((uint16_t)(c->kind == K_SUB ? o_port + k % o_nports : (o_pubport ? o_pubport : o_port))) };
    if (inet_pton(AF_INET, o_host, &d.sin_addr) != 1) { struct hostent *h = gethostbyname(o_host); if (!h) die("bad host"); memcpy(&d.sin_addr, h->h_addr_list[0], 4); }
    c->state = CS_CONNECTING; c->opened_at = now_ns(); n_pending++;
    int r = connect(c->fd, (struct sockaddr *)&d, sizeof d);
    struct epoll_event ev = { .events = EPOLLIN | EPOLLOUT, .data.ptr = c };
    c->want_out = true;
    if (r && errno != EINPROGRESS) {
        static int shown; if (shown++ < 3) say("connect: %s", strerror(errno));
        close_conn(c, true); return;
    }
    epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &ev);
}
static void poll_ns(int64_t ns) {
    static struct epoll_event evs[1024];
    struct timespec ts = { ns / 1000000000, ns % 1000000000 };
    int n = epoll_pwait2(ep, evs, 1024, &ts, NULL);
    if (n < 0 && errno == ENOSYS) n = epoll_wait(ep, evs, 1024, (int)((ns + 999999) / 1000000));
    for (int i = 0; i < n; i++) {
        conn *c = evs[i].data.ptr;
        if (c->state == CS_CLOSED) continue;
        if (c->state == CS_CONNECTING && (evs[i].events & (EPOLLOUT | EPOLLERR | EPOLLHUP))) {
            int err = 0; socklen_t l = sizeof err; getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &l);
            if (err) { static int shown; if (shown++ < 3) say("connect: %s", strerror(err)); close_conn(c, true); continue; }
            on_connected(c);
            if (c->state != CS_CLOSED && c->out_off == c->out_len && c->want_out) { c->want_out = false; ep_mod(c); }
            continue;
        }
        if (c->state == CS_TLS) { shake_hands(c); continue; }
        if (evs[i].events & EPOLLOUT) { flush_out(c); if (c->state == CS_CLOSED) continue; }
        if (evs[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) on_input(c);
    }
}
static void poll_once(int ms) { poll_ns((int64_t)ms * 1000000); }
static void publish_one(conn **pubs, int np) {
    static char b[1 << 20], body[1 << 20]; static int rr;
    conn *c = NULL;
    for (int k = 0; k < np; k++) { conn *x = pubs[(rr + k) % np]; if (x->state >= CS_OPEN && x->state != CS_CLOSED && !(x->kind == K_PUBHTTP && x->inflight)) { c = x; rr = (rr + k + 1) % np; break; } }
    if (!c) return;
    uint64_t t = published % (uint64_t)o_topics;
    size_t n = expand(body, sizeof body, o_pubmsg, published, t);
    if (c->kind == K_PUBWS) ws_send(c, 1, body, n);
    else {
        char path[4096]; expand(path, sizeof path, o_pubpath ? o_pubpath : "/", published, t);
        int h = snprintf(b, sizeof b, "POST %s HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: %s\r\nContent-Length: %zu\r\n", path, o_host, o_pubport ? o_pubport : o_port, o_httptype, n);
        for (int i = 0; i < o_npubhdrs; i++) h += snprintf(b + h, sizeof b - (size_t)h, "%s\r\n", o_pubhdrs[i]);
        h += snprintf(b + h, sizeof b - (size_t)h, "\r\n");
        queue_out(c, b, (size_t)h); queue_out(c, body, n);
        c->inflight++; c->http_sent_at = now_ns(); flush_out(c);
    }
    published++; if (measuring) m_pub++;
}
static void on_sig(int s) { (void)s; stop_flag = 1; }
static void usage(void) {
    puts("wsload [options]\n"
         "  -H, --host HOST        server (127.0.0.1)         -p, --port PORT       port (8080)\n"
         "      --nports K         spread subscribers over PORT..PORT+K-1\n"
         "  -P, --path TPL         upgrade path               -n, --conns N         subscribers\n"
         "      --header 'K: V'    extra upgrade header       --protocol P          Sec-WebSocket-Protocol\n"
         "      --sub-msg TPL      sent after open            --sub-ack STR         ready when a message contains STR\n"
         "      --topics T         $t = index mod T           --pad N               bytes of $pad\n"
         "      --pub ws|http|none publisher kind             --publishers K        publisher connections (1)\n"
         "      --pub-path TPL     publisher path             --pub-port PORT       publisher port\n"
         "      --pub-msg TPL      published message/body     --pub-init TPL        first message of a WS publisher\n"
         "      --pub-header 'K: V'                           --http-type T         Content-Type of POST\n"
         "  -r, --rate R           publishes per second       --saturate            closed loop, --window W outstanding (2)\n"
         "  -d, --duration S       measured seconds (5)       -w, --warmup S        (1)\n"
         "      --settle S         pause after subscribe (1)  --idle S              hold idle before publishing\n"
         "      --src A --srcs K   source addresses A..A+K-1  --conn-rate R         connects per second (0 = max)\n"
         "      --max-pending C    concurrent handshakes      --connect-timeout S   (120)\n"
         "      --deflate          offer permessage-deflate   --no-context          with *_no_context_takeover\n"
         "      --inflate-sample K inflate only on the first K connections (rest count frames)\n"
         "      --rcvbuf B         SO_RCVBUF of subscribers   --pids a,b            server pids: CPU and RSS sampled\n"
         "      --tls              encrypt everything         --echo TEXT           answer a message that is TEXT with itself\n"
         "      --hold             keep connections until SIGTERM after the run\n"
         "      --label L -q");
    exit(0);
}
int main(int argc, char **argv) {
    enum { O_NPORTS = 256, O_HEADER, O_PROTO, O_SUBMSG, O_SUBACK, O_TOPICS, O_PAD, O_PUB, O_NPUB, O_PUBPATH, O_PUBPORT, O_PUBMSG, O_PUBINIT, O_PUBHDR, O_HTTPTYPE,
           O_SAT, O_WIN, O_SETTLE, O_IDLE, O_SRC, O_SRCS, O_CONNRATE, O_MAXPEND, O_CTO, O_DEFL, O_NOCTX, O_INFS, O_RCVBUF, O_PIDS, O_HOLD, O_LABEL, O_TLS, O_ECHO };
    static struct option lo[] = {
        {"host", 1, 0, 'H'}, {"port", 1, 0, 'p'}, {"path", 1, 0, 'P'}, {"conns", 1, 0, 'n'}, {"rate", 1, 0, 'r'}, {"duration", 1, 0, 'd'}, {"warmup", 1, 0, 'w'}, {"help", 0, 0, 'h'},
        {"nports", 1, 0, O_NPORTS}, {"header", 1, 0, O_HEADER}, {"protocol", 1, 0, O_PROTO}, {"sub-msg", 1, 0, O_SUBMSG}, {"sub-ack", 1, 0, O_SUBACK}, {"topics", 1, 0, O_TOPICS},
        {"pad", 1, 0, O_PAD}, {"pub", 1, 0, O_PUB}, {"publishers", 1, 0, O_NPUB}, {"pub-path", 1, 0, O_PUBPATH}, {"pub-port", 1, 0, O_PUBPORT}, {"pub-msg", 1, 0, O_PUBMSG},
        {"pub-init", 1, 0, O_PUBINIT}, {"pub-header", 1, 0, O_PUBHDR}, {"http-type", 1, 0, O_HTTPTYPE}, {"saturate", 0, 0, O_SAT}, {"window", 1, 0, O_WIN}, {"settle", 1, 0, O_SETTLE},
        {"idle", 1, 0, O_IDLE}, {"src", 1, 0, O_SRC}, {"srcs", 1, 0, O_SRCS}, {"conn-rate", 1, 0, O_CONNRATE}, {"max-pending", 1, 0, O_MAXPEND}, {"connect-timeout", 1, 0, O_CTO},
        {"deflate", 0, 0, O_DEFL}, {"no-context", 0, 0, O_NOCTX}, {"inflate-sample", 1, 0, O_INFS}, {"rcvbuf", 1, 0, O_RCVBUF}, {"pids", 1, 0, O_PIDS}, {"hold", 0, 0, O_HOLD}, {"label", 1, 0, O_LABEL},
        {"tls", 0, 0, O_TLS}, {"echo", 1, 0, O_ECHO}, {0}};
    int ch;
    while ((ch = getopt_long(argc, argv, "H:p:P:n:r:d:w:qh", lo, NULL)) != -1) switch (ch) {
        case 'H': o_host = optarg; break; case 'p': o_port = atoi(optarg); break; case 'P': o_path = optarg; break; case 'n': o_n = atoi(optarg); break;
        case 'r': o_rate = atof(optarg); break; case 'd': o_duration = atof(optarg); break; case 'w': o_warmup = atof(optarg); break; case 'q': o_quiet = true; break; case 'h': usage(); break;
        case O_NPORTS: o_nports = atoi(optarg); break; case O_HEADER: if (o_nhdrs < 32) o_hdrs[o_nhdrs++] = optarg; break; case O_PROTO: o_proto = optarg; break;
        case O_SUBMSG: o_submsg = optarg; break; case O_SUBACK: o_suback = optarg; break; case O_TOPICS: o_topics = atoi(optarg); break; case O_PAD: o_pad = atoi(optarg); break;
        case O_PUB: o_pubmode = optarg; break; case O_NPUB: o_npub = atoi(optarg); break; case O_PUBPATH: o_pubpath = optarg; break; case O_PUBPORT: o_pubport = atoi(optarg); break;
        case O_PUBMSG: o_pubmsg = optarg; break; case O_PUBINIT: o_pubinit = optarg; break; case O_PUBHDR: if (o_npubhdrs < 32) o_pubhdrs[o_npubhdrs++] = optarg; break;
        case O_HTTPTYPE: o_httptype = optarg; break; case O_SAT: o_saturate = true; break; case O_WIN: o_window = atoi(optarg); break; case O_SETTLE: o_settle = atof(optarg); break;
        case O_IDLE: o_idle = atof(optarg); break; case O_SRC: o_src = optarg; break; case O_SRCS: o_srccount = atoi(optarg); break; case O_CONNRATE: o_connrate = atof(optarg); break;
        case O_MAXPEND: o_maxpending = atoi(optarg); break; case O_CTO: o_connect_timeout = atof(optarg); break; case O_DEFL: o_deflate = true; break; case O_NOCTX: o_noctx = true; break;
        case O_INFS: o_inflate_sample = atoi(optarg); break; case O_RCVBUF: o_rcvbuf = atoi(optarg); break; case O_HOLD: o_hold = true; break; case O_LABEL: o_label = optarg; break;
        case O_TLS: o_tls = true; break; case O_ECHO: o_echo = optarg; break;
        case O_PIDS: { char *s = strdup(optarg), *t; for (t = strtok(s, ", \n"); t && o_npids < MAXPIDS; t = strtok(NULL, ", \n")) o_pids[o_npids++] = atoi(t); } break;
        default: usage();
    }
    if (o_topics < 1) o_topics = 1;
    if (o_srccount < 1) o_srccount = 1;
    bool pubhttp = !strcmp(o_pubmode, "http"), pubws = !strcmp(o_pubmode, "ws");
    if ((pubhttp || pubws) && (!o_pubmsg || !strstr(o_pubmsg, "$ts"))) die("--pub-msg with $ts is needed");
    if (!pubhttp && !pubws) o_npub = 0;
    padbuf = malloc((size_t)o_pad + 1); for (int i = 0; i < o_pad; i++) padbuf[i] = (char)('a' + (i * 7) % 26);
    padbuf[o_pad] = 0;
    signal(SIGPIPE, SIG_IGN); signal(SIGTERM, on_sig); signal(SIGINT, on_sig);
    struct rlimit rl; getrlimit(RLIMIT_NOFILE, &rl); rl.rlim_cur = rl.rlim_max; setrlimit(RLIMIT_NOFILE, &rl);
    if ((rlim_t)(o_n + o_npub + 16) > rl.rlim_max) die("needs %d descriptors, limit is %llu", o_n + o_npub + 16, (unsigned long long)rl.rlim_max);
    ep = epoll_create1(EPOLL_CLOEXEC);
    if (o_tls) {
        tls = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_verify(tls, SSL_VERIFY_NONE, NULL);
        SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    }
    ntotal = o_n + o_npub; conns = calloc((size_t)ntotal, sizeof *conns);
    conn **pubs = calloc((size_t)o_npub + 1, sizeof *pubs);
    for (int i = 0; i < ntotal; i++) { conns[i].idx = (uint32_t)i; conns[i].fd = -1; conns[i].state = CS_CLOSED; conns[i].kind = K_SUB; if (i >= o_n) { conns[i].kind = pubhttp ? K_PUBHTTP : K_PUBWS; pubs[i - o_n] = &conns[i]; conns[i].idx = (uint32_t)(i - o_n); } }

    psample s0 = sample_pids(); ksample k0 = sample_kernel();
    uint64_t t0 = now_ns(); int started = 0; uint64_t last = t0;
    while (!stop_flag && (started < ntotal || n_pending > 0 || (o_suback && n_ready < n_open))) {
        uint64_t t = now_ns();
        int allow = ntotal;
        if (o_connrate > 0) allow = (int)((double)(t - t0) / 1e9 * o_connrate) + 1;
        while (started < ntotal && started < allow && n_pending < o_maxpending) { start_connect(&conns[started], started); started++; }
        poll_once(o_connrate > 0 ? 1 : 10);
        if (t - last > 2000000000ull) { say("connect: started %d open %d ready %d failed %d", started, n_open, n_ready, n_fail); last = t; }
        if ((double)(t - t0) / 1e9 > o_connect_timeout) { say("connect timeout"); break; }
    }
    double ramp = (double)(now_ns() - t0) / 1e9;
    say("open %d ready %d failed %d in %.2fs", n_open, n_ready, n_fail, ramp);
    uint64_t until = now_ns() + (uint64_t)(o_settle * 1e9);
    while (!stop_flag && now_ns() < until) poll_once(20);
    psample i0 = sample_pids(); uint64_t idle_since = now_ns(), echoed0 = echoed, pings0 = pings;
    until = idle_since + (uint64_t)(o_idle * 1e9);
    while (!stop_flag && now_ns() < until) poll_once(20);
    double idle_s = (double)(now_ns() - idle_since) / 1e9;
    psample s1 = sample_pids(); ksample k1 = sample_kernel();
    int opened = n_open;

    psample a = s1, b = s1; double wall = 0; struct rusage ru0 = {0}, ru1 = {0}; ksample kb = k1;
    if (o_npub) {
        double fan = (double)n_ready / o_topics;
        uint64_t start = now_ns(), mstart = start + (uint64_t)(o_warmup * 1e9), mend = mstart + (uint64_t)(o_duration * 1e9);
        uint64_t base_deliv = delivered, base_pub = published;
        double issued = 0;
        for (;;) {
            uint64_t t = now_ns();
            if (!measuring && t >= mstart && t < mend) { measuring = true; a = sample_pids(); getrusage(RUSAGE_SELF, &ru0); mstart = now_ns(); mend = mstart + (uint64_t)(o_duration * 1e9); }
            if (measuring && t >= mend) { b = sample_pids(); getrusage(RUSAGE_SELF, &ru1); wall = (double)(now_ns() - mstart) / 1e9; measuring = false; kb = sample_kernel(); break; }
            if (stop_flag) break;
            int64_t wait = 50000000;
            if (o_saturate) {
                while ((double)(published - base_pub) * fan - (double)(delivered - base_deliv) < fan * o_window) {
                    uint64_t before = published; publish_one(pubs, o_npub);
                    if (published == before) break;
                }
                wait = 5000000;
            } else if (o_rate > 0) {
                double due = (double)(t - start) / 1e9 * o_rate;
                while (issued < due) { uint64_t before = published; publish_one(pubs, o_npub); issued += 1; if (published == before) break; }
                double next = (issued / o_rate) * 1e9 - (double)(now_ns() - start);
                wait = next <= 0 ? 0 : next > 5e7 ? 50000000 : (int64_t)next;
            }
            poll_ns(wait);
        }
        uint64_t dr = now_ns() + 1000000000ull;
        while (!stop_flag && now_ns() < dr && (double)(delivered - base_deliv) + 0.5 < (double)(published - base_pub) * fan) poll_once(20);
        double expect = (double)(published - base_pub) * fan;
        double gu = (double)(ru1.ru_utime.tv_sec - ru0.ru_utime.tv_sec) + (double)(ru1.ru_utime.tv_usec - ru0.ru_utime.tv_usec) / 1e6;
        double gs = (double)(ru1.ru_stime.tv_sec - ru0.ru_stime.tv_sec) + (double)(ru1.ru_stime.tv_usec - ru0.ru_stime.tv_usec) / 1e6;
        double su = b.user - a.user, ss = b.sys - a.sys;
        printf("{\"label\":\"%s\",\"conns\":%d,\"open\":%d,\"failed\":%d,\"closed\":%d,\"ramp_s\":%.2f,\"topics\":%d,"
               "\"wall_s\":%.3f,\"published\":%llu,\"pub_per_s\":%.1f,\"deliveries\":%llu,\"deliv_per_s\":%.0f,\"frames\":%llu,\"mb_per_s\":%.2f,\"expected_total\":%.0f,\"delivered_total\":%llu,"
               "\"lat_us\":{\"p50\":%.0f,\"p90\":%.0f,\"p99\":%.0f,\"p999\":%.0f,\"max\":%.0f,\"mean\":%.0f},"
               "\"server\":{\"cpu_user_s\":%.2f,\"cpu_sys_s\":%.2f,\"cpu_pct\":%.0f,\"user_us_per_deliv\":%.3f,\"sys_us_per_deliv\":%.3f,\"us_per_deliv\":%.3f,\"rss0_kb\":%llu,\"rss_idle_kb\":%llu,\"rss_end_kb\":%llu,\"rss_per_conn_b\":%.0f,\"threads\":%llu},"
               "\"kernel\":{\"tcp_mem_pages\":%llu,\"slab_delta_kb\":%lld,\"slab_per_conn_b\":%.0f,\"memavail_delta_kb\":%lld,\"tcp_mem_pages_end\":%llu},"
               "\"client\":{\"user_s\":%.2f,\"sys_s\":%.2f,\"cpu_pct\":%.0f},\"http\":{\"ok\":%llu,\"err\":%llu,\"p50_us\":%.0f,\"p99_us\":%.0f},\"open_ms\":{\"p50\":%.1f,\"p99\":%.1f},\"pings\":%llu,\"close_frames\":%llu,\"other_msgs\":%llu,\"compressed\":%llu}\n",
               o_label, o_n, opened, n_fail, n_closed, ramp, o_topics, wall, (unsigned long long)m_pub, (double)m_pub / (wall > 0 ? wall : 1), (unsigned long long)m_deliv, (double)m_deliv / (wall > 0 ? wall : 1),
               (unsigned long long)m_frames, (double)m_bytes / 1e6 / (wall > 0 ? wall : 1), expect, (unsigned long long)(delivered - base_deliv),
               h_q(&h_lat, .5) / 1e3, h_q(&h_lat, .9) / 1e3, h_q(&h_lat, .99) / 1e3, h_q(&h_lat, .999) / 1e3, (double)h_lat.max / 1e3, h_lat.n ? h_lat.sum / (double)h_lat.n / 1e3 : 0,
               su, ss, wall > 0 ? (su + ss) / wall * 100 : 0, m_deliv ? su * 1e6 / (double)m_deliv : 0, m_deliv ? ss * 1e6 / (double)m_deliv : 0, m_deliv ? (su + ss) * 1e6 / (double)m_deliv : 0,
               (unsigned long long)s0.rss_kb, (unsigned long long)s1.rss_kb, (unsigned long long)b.rss_kb, opened ? ((double)s1.rss_kb - (double)s0.rss_kb) * 1024 / opened : 0, (unsigned long long)s1.threads,
               (unsigned long long)k1.tcp_mem_pages, (long long)k1.slab_kb - (long long)k0.slab_kb, opened ? ((double)k1.slab_kb - (double)k0.slab_kb) * 1024 / opened : 0, (long long)k0.memavail_kb - (long long)k1.memavail_kb, (unsigned long long)kb.tcp_mem_pages,
               gu, gs, wall > 0 ? (gu + gs) / wall * 100 : 0, (unsigned long long)http_ok, (unsigned long long)http_err, h_q(&h_http, .5) / 1e3, h_q(&h_http, .99) / 1e3,
               h_q(&h_open, .5) / 1e6, h_q(&h_open, .99) / 1e6, (unsigned long long)pings, (unsigned long long)ctl_close, (unsigned long long)other_msgs, (unsigned long long)frames_compressed);
    } else {
        printf("{\"label\":\"%s\",\"conns\":%d,\"open\":%d,\"failed\":%d,\"closed\":%d,\"ramp_s\":%.2f,\"server\":{\"rss0_kb\":%llu,\"rss_idle_kb\":%llu,\"rss_per_conn_b\":%.0f,\"cpu_user_s\":%.2f,\"cpu_sys_s\":%.2f,\"threads\":%llu},"
               "\"kernel\":{\"tcp_inuse\":%llu,\"tcp_mem_pages\":%llu,\"slab_delta_kb\":%lld,\"slab_per_conn_b\":%.0f,\"memavail_delta_kb\":%lld},\"open_ms\":{\"p50\":%.1f,\"p99\":%.1f},\"idle\":{\"wall_s\":%.1f,\"cpu_user_s\":%.2f,\"cpu_sys_s\":%.2f,\"echoed\":%llu,\"pings\":%llu}}\n",
               o_label, o_n, opened, n_fail, n_closed, ramp, (unsigned long long)s0.rss_kb, (unsigned long long)s1.rss_kb, opened ? ((double)s1.rss_kb - (double)s0.rss_kb) * 1024 / opened : 0,
               s1.user - s0.user, s1.sys - s0.sys, (unsigned long long)s1.threads, (unsigned long long)k1.tcp_inuse, (unsigned long long)k1.tcp_mem_pages, (long long)k1.slab_kb - (long long)k0.slab_kb,
               opened ? ((double)k1.slab_kb - (double)k0.slab_kb) * 1024 / opened : 0, (long long)k0.memavail_kb - (long long)k1.memavail_kb, h_q(&h_open, .5) / 1e6, h_q(&h_open, .99) / 1e6,
               idle_s, s1.user - i0.user, s1.sys - i0.sys, (unsigned long long)(echoed - echoed0), (unsigned long long)(pings - pings0));
    }
    fflush(stdout);
    while (o_hold && !stop_flag) poll_once(200);
    return n_fail ? 1 : 0;
}
