import NIOCore
import Synchronization
import Wire

@testable import Realtime

/// Somebody who watches a channel of a ``ClusterNode`` and is told when what was waited for has come.
final class ClusterWatcher: Sendable {
    struct Heard: Sendable {
        var publications: [Publication] = []
        var times: [NIODeadline] = []
        var pushes: [Push] = []
        var replies: [Reply] = []
        var closed: Disconnect?
    }

    private struct State {
        var heard = Heard()
        var waiting: [(isEnough: @Sendable (Heard) -> Bool, promise: EventLoopPromise<Heard>)] = []
    }

    private final class Transport: SessionTransport {
        var session: Session?
        var onWritable: (() -> Void)?
        let tell: ((inout Heard) -> Void) -> Void

        init(tell: @escaping ((inout Heard) -> Void) -> Void) { self.tell = tell }

        private func receive(_ bytes: [UInt8]) {
            let messages = (bytes.withUnsafeBytes { try? JSONClientCodec().decode($0) }) ?? []
            let now = NIODeadline.now()
            tell { heard in
                for message in messages {
                    switch message {
                    case .reply(let reply): heard.replies.append(reply)
                    case .push(let push):
                        if case .publication(let publication) = push.body {
                            heard.publications.append(publication)
                            heard.times.append(now)
                        } else {
                            heard.pushes.append(push)
                        }
                    case .ping: break
                    }
                }
            }
        }

        var queuedBytes: Int { 0 }
        func send(message: [UInt8]) { receive(message) }
        func send(frame: ByteBuffer) { receive(Array(frame.readableBytesView.dropLast())) }
        func sendPing(_ message: [UInt8]?) {}
        func flush() {}
        func tick(now: NIODeadline) {}
        func close(_ reason: Disconnect) { tell { $0.closed = reason } }
    }

    private let state = Mutex(State())
    private let eventLoop: any EventLoop
    private let transport: NIOLoopBoundBox<Transport?>

    private init(on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        transport = .makeEmptyBox(valueType: Transport.self, eventLoop: eventLoop)
    }

    /// Connects, and watches a channel unless it is empty; returns when that has begun.
    static func open(on node: ClusterNode, as user: String, _ channel: String) async throws -> ClusterWatcher {
        let loop = node.group.next()
        let watcher = ClusterWatcher(on: loop)
        try await loop.submit {
            let transport = Transport { watcher.tell($0) }
            transport.session = node.hub.openSession(on: loop, transport: transport, codec: JSONCodec(), format: .plainJSON)
            watcher.transport.value = transport
        }.get()
        try await watcher.send(.connect(ConnectRequest(token: user)), id: 1)
        if !channel.isEmpty { try await watcher.send(.subscribe(SubscribeRequest(channel: channel, joinLeave: true)), id: 2) }
        let count = channel.isEmpty ? 1 : 2
        _ = try await watcher.heard { $0.replies.count >= count || $0.closed != nil }
        return watcher
    }

    func send(_ request: Command.Request, id: UInt32) async throws {
        let frame = JSONClientCodec().encode([Command(id: id, request: request)])
        try await eventLoop.submit { [transport] in
            frame.withUnsafeBytes { transport.value?.session?.received($0) }
        }.get()
    }

    func hangUp() async throws {
        try await eventLoop.submit { [transport] in transport.value?.session?.transportClosed() }.get()
    }

    /// The names of the connection: its own, and the secret one.
    func names() async throws -> (client: String, secret: String) {
        try await eventLoop.submit { [transport] in
            (transport.value?.session?.client ?? "", transport.value?.session?.secret ?? "")
        }.get()
    }

    /// Hands commands to the session as the node that holds it does.
    func receive(_ commands: [UInt8]) {
        eventLoop.execute { [transport] in commands.withUnsafeBytes { transport.value?.session?.received($0) } }
    }

    /// It did not come, whatever was waited for.
    struct Late: Error, CustomStringConvertible {
        let heard: Heard

        var description: String {
            "\(heard.publications.count) publications up to \(heard.publications.last?.offset ?? 0), pushes \(heard.pushes), closed \(String(describing: heard.closed))"
        }
    }

    /// Everything that was heard, once it is enough.
    ///
    /// - Throws: ``Late`` when it takes too long.
    func heard(_ isEnough: @escaping @Sendable (Heard) -> Bool) async throws -> Heard {
        let promise = eventLoop.makePromise(of: Heard.self)
        let late = eventLoop.scheduleTask(in: .seconds(30)) { [self] in promise.fail(Late(heard: heard)) }
        promise.futureResult.whenComplete { _ in late.cancel() }
        let already = state.withLock { state -> Heard? in
            guard !isEnough(state.heard) else { return state.heard }
            state.waiting.append((isEnough, promise))
            return nil
        }
        if let already { promise.succeed(already) }
        return try await promise.futureResult.get()
    }

    var heard: Heard { state.withLock { $0.heard } }

    private func tell(_ change: (inout Heard) -> Void) {
        let (ready, heard) = state.withLock { state in
            change(&state.heard)
            let heard = state.heard
            let ready = state.waiting.filter { $0.isEnough(heard) }.map(\.promise)
            state.waiting.removeAll { $0.isEnough(heard) }
            return (ready, heard)
        }
        for promise in ready { promise.succeed(heard) }
    }
}
