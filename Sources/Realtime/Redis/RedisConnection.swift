import CHiredis
import Glibc
import NIOCore

/// One connection to Redis that never waits by itself. Belongs to the thread that opened it.
///
/// hiredis speaks the protocol, ``RedisLink`` waits.
final class RedisConnection {
    struct Broken: Error {
        let reason: String
    }

    private let context: UnsafeMutablePointer<redisContext>
    /// Whether everything that was appended has left.
    private(set) var hasWritten = true

    /// Begins to connect. Looks a name up, which may take a while.
    ///
    /// - Throws: ``Broken``.
    init(to endpoint: RedisAddress.Endpoint) throws(Broken) {
        let opened =
            switch endpoint {
            case .tcp(let host, let port): redisConnectNonBlock(host, port)
            case .unix(let path): redisConnectUnixNonBlock(path)
            }
        guard let opened else { throw Broken(reason: "out of memory") }
        context = opened
        if context.pointee.err != 0 { throw broken() }
        _ = fcntl(context.pointee.fd, F_SETFD, FD_CLOEXEC)
    }

    deinit { redisFree(context) }

    var descriptor: Int32 { context.pointee.fd }

    func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { raw in
            _ = redisAppendFormattedCommand(context, raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count)
        }
        hasWritten = false
    }

    /// Writes what the socket takes.
    ///
    /// - Throws: ``Broken``.
    func write() throws(Broken) {
        var isDone: Int32 = 0
        guard redisBufferWrite(context, &isDone) == REDIS_OK else { throw broken() }
        hasWritten = isDone == 1
    }

    /// Reads what the socket has.
    ///
    /// - Returns: nil when no further answer is complete.
    /// - Throws: ``Broken``.
    func receive() throws(Broken) {
        guard redisBufferRead(context) == REDIS_OK else { throw broken() }
    }

    /// The next answer of what was received.
    ///
    /// - Returns: nil when none is complete.
    /// - Throws: ``Broken`` for what is no answer of Redis.
    func nextReply() throws(Broken) -> RedisReply? {
        var reply: UnsafeMutableRawPointer?
        guard redisGetReplyFromReader(context, &reply) == REDIS_OK else { throw broken() }
        guard let reply else { return nil }
        defer { freeReplyObject(reply) }
        return RedisReply(reply.assumingMemoryBound(to: redisReply.self))
    }

    private func broken() -> Broken {
        Broken(reason: withUnsafeBytes(of: context.pointee.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
}
