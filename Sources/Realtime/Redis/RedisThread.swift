import Glibc
import Logging
import NIOCore

/// What the thread of a ``RedisLink`` does: connect, serve, and begin again.
final class RedisThread {
    private let link: RedisLink
    private let callbacks: RedisLink.Callbacks
    private var delay = RedisLink.reconnectDelay
    private var heardAt = NIODeadline.now()
    private var tickedAt = NIODeadline.now()

    init(link: RedisLink, callbacks: RedisLink.Callbacks) {
        self.link = link
        self.callbacks = callbacks
    }

    func run() {
        // A socket that the peer has closed is an error of the write, not the end of the process.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        while !isStopping {
            do throws(RedisConnection.Broken) {
                try serve(try connect())
            } catch {
                // Of attempts that go on failing one word is enough.
                if delay.failures == 0 { log(error) }
            }
            fail()
            if !isStopping { _ = wait(nil, milliseconds: delay.next { Int.random(in: $0) }) }
        }
    }

    private var isStopping: Bool { link.withOutgoing { $0.isStopping } }

    // MARK: Connecting

    private func connect() throws(RedisConnection.Broken) -> RedisConnection {
        let connection = try RedisConnection(to: link.address.endpoint)
        let deadline = NIODeadline.now() + .milliseconds(Int64(RedisLink.silenceMilliseconds))
        var greeting = RedisCommand()
        if let password = link.address.password {
            greeting.append(["AUTH"] + (link.address.user.map { [.text($0)] } ?? []) + [.text(password)])
        }
        if link.address.database > 0 { greeting.append(["SELECT", "\(link.address.database)"]) }
        greeting.append(["PING"])
        connection.append(greeting.bytes)
        for _ in 0..<greeting.count {
            // What Redis says to a wrong password holds nothing of it.
            if case .refused(let reason) = try answer(on: connection, before: deadline) { throw .init(reason: reason) }
        }
        guard !link.channels.isEmpty else { return connection }
        connection.append(RedisCommand(words: ["SUBSCRIBE"] + link.channels.map { .text($0) }).bytes)
        var confirmed = 0
        while confirmed < link.channels.count {
            let reply = try answer(on: connection, before: deadline)
            if case .refused(let reason) = reply { throw .init(reason: reason) }
            // What the first channels bring before the last is confirmed is left to the log, which is looked at after this.
            if reply.list?.first?.string == "subscribe" { confirmed += 1 }
        }
        return connection
    }

    private func answer(on connection: RedisConnection, before deadline: NIODeadline) throws(RedisConnection.Broken) -> RedisReply {
        while true {
            if let reply = try connection.nextReply() { return reply }
            let left = (deadline - .now()).nanoseconds / 1_000_000
            guard left > 0, !isStopping else { throw .init(reason: "no answer") }
            let ready = wait(connection, milliseconds: Int(left))
            if !connection.hasWritten, ready.isWritable { try connection.write() }
            if ready.isReadable { try connection.receive() }
        }
    }

    // MARK: Serving

    private func serve(_ connection: RedisConnection) throws(RedisConnection.Broken) {
        link.withOutgoing { $0.isOpen = true }
        heardAt = .now()
        tickedAt = .now()
        link.logger.info("connected to Redis", metadata: metadata)
        callbacks.opened()
        delay.succeeded()
        while true {
            let isEnding = takeOutgoing(connection)
            if !connection.hasWritten { try connection.write() }
            if isEnding, connection.hasWritten { return }
            let ready = wait(connection, milliseconds: RedisLink.pingMilliseconds / 4)
            if ready.isReadable {
                try connection.receive()
                heardAt = .now()
                while let reply = try connection.nextReply() { take(reply) }
            }
            try lookAtTime(heardNothing: !ready.isReadable, connection)
        }
    }

    /// - Returns: whether the link is to end, and nothing more waits.
    private func takeOutgoing(_ connection: RedisConnection) -> Bool {
        // What Redis has not taken yet stays where its size is bounded.
        guard connection.hasWritten else { return false }
        let (bytes, isStopping) = link.withOutgoing { outgoing in
            outgoing.hasRung = false
            defer { outgoing.bytes = [] }
            return (outgoing.bytes, outgoing.isStopping)
        }
        if !bytes.isEmpty { connection.append(bytes) }
        return isStopping
    }

    private func take(_ reply: RedisReply) {
        guard link.channels.isEmpty else { return takeMessage(reply) }
        link.withOutgoing { $0.handlers.popFirst() }?(reply)
    }

    private func takeMessage(_ reply: RedisReply) {
        // Others are answers to pings.
        guard let parts = reply.list, parts.count == 3, parts[0].string == "message", let channel = parts[1].string,
            let message = parts[2].buffer
        else { return }
        callbacks.message(channel, message)
    }

    /// A process that was frozen finds what came meanwhile in its socket: silence counts only when there is nothing.
    private func lookAtTime(heardNothing: Bool, _ connection: RedisConnection) throws(RedisConnection.Broken) {
        let now = NIODeadline.now()
        if heardNothing, now - heardAt > .milliseconds(Int64(RedisLink.silenceMilliseconds)) { throw .init(reason: "no sign of life") }
        guard now - tickedAt > .milliseconds(Int64(RedisLink.pingMilliseconds)) else { return }
        tickedAt = now
        ping(connection)
        callbacks.tick()
    }

    private func ping(_ connection: RedisConnection) {
        let ping = RedisCommand("PING")
        guard !link.channels.isEmpty else {
            link.send(ping)
            return
        }
        if connection.hasWritten { connection.append(ping.bytes) }
    }

    /// Nobody gets an answer any more.
    private func fail() {
        let (handlers, wasOpen) = link.withOutgoing { outgoing in
            let state = (outgoing.handlers, outgoing.isOpen)
            outgoing.handlers = []
            outgoing.bytes = []
            outgoing.isOpen = false
            outgoing.hasRung = false
            return state
        }
        for handler in handlers { handler(nil) }
        if wasOpen { callbacks.lost() }
    }

    // MARK: Waiting

    private func wait(_ connection: RedisConnection?, milliseconds: Int) -> (isReadable: Bool, isWritable: Bool) {
        var descriptors = [pollfd(fd: link.wakeUp.descriptor, events: Int16(POLLIN), revents: 0)]
        if let connection {
            let events = Int16(POLLIN) | (connection.hasWritten ? 0 : Int16(POLLOUT))
            descriptors.append(pollfd(fd: connection.descriptor, events: events, revents: 0))
        }
        guard poll(&descriptors, nfds_t(descriptors.count), Int32(milliseconds)) > 0 else { return (false, false) }
        if descriptors[0].revents != 0 { link.wakeUp.answer() }
        guard let events = descriptors.dropFirst().first?.revents else { return (false, false) }
        // An error shows itself at the next read.
        return (events & ~Int16(POLLOUT) != 0, events & Int16(POLLOUT) != 0)
    }

    private func log(_ error: RedisConnection.Broken) {
        guard !isStopping else { return }
        link.logger.warning("Redis is out of reach", metadata: metadata.merging(["reason": "\(error.reason)"]) { $1 })
    }

    private var metadata: Logger.Metadata {
        ["redis.address": "\(link.address)", "redis.use": link.channels.isEmpty ? "commands" : "subscription"]
    }
}
