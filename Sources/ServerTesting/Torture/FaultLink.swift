import Client
import NIOCore

/// A client's connection and the one that was made to the server for it, on one event loop, with a plan of what goes wrong between them.
final class FaultLink {
    /// One direction: what it still has to pass on, and why it may not.
    private struct Flow {
        var cursor: FaultCursor
        var backlog = ByteBuffer()
        /// Reasons to wait, one for each hold.
        var holds = 0
        /// Bytes still to be passed on one by one.
        var trickle = 0
        var isTrickleDue = false
        var hasEnded = false
    }

    private let client: any Channel
    private let server: any Channel
    private let loop: NIOIsolatedEventLoop
    private let note: (Fault.Action) -> Void
    private let passed: (Int, Fault.Direction) -> Void
    private var toServer: Flow
    private var toClient: Flow
    private var isOver = false
    /// The client is gone; what the server says is lost.
    private var isOrphaned = false

    /// - Parameters:
    ///   - note: is told of each fault that strikes.
    ///   - passed: is told how many bytes went which way.
    init(
        client: any Channel, server: any Channel, plan: FaultPlan, note: @escaping (Fault.Action) -> Void,
        passed: @escaping (Int, Fault.Direction) -> Void
    ) {
        self.client = client
        self.server = server
        self.note = note
        self.passed = passed
        loop = client.eventLoop.assumeIsolated()
        toServer = Flow(cursor: FaultCursor(plan, .toServer))
        toClient = Flow(cursor: FaultCursor(plan, .toClient))
    }

    /// Both sides are there: bytes may come, and faults that need none strike.
    func begin() {
        pump(.toServer)
        pump(.toClient)
        guard !isOver else { return }
        for channel in [client, server] { channel.setOption(.autoRead, value: true).whenFailure { _ in } }
    }

    /// Ends both sides at once.
    func cut(_ ending: Fault.Ending) {
        guard !isOver else { return }
        isOver = true
        end(client, ending)
        end(server, ending)
    }

    // MARK: What the sides say

    func received(_ bytes: ByteBuffer, _ direction: Fault.Direction) {
        guard !isOver, !(isOrphaned && direction == .toClient) else { return }
        self[direction].backlog.writeImmutableBuffer(bytes)
        pump(direction)
    }

    /// The side that sends in this direction has ended.
    func ended(_ direction: Fault.Direction) {
        guard !isOver else { return }
        self[direction].hasEnded = true
        pump(direction)
    }

    /// The side that receives in this direction can take more, or not.
    func writabilityChanged(_ direction: Fault.Direction) {
        throttle(direction)
    }

    // MARK: Passing on

    private subscript(direction: Fault.Direction) -> Flow {
        get { direction == .toServer ? toServer : toClient }
        set { if direction == .toServer { toServer = newValue } else { toClient = newValue } }
    }

    private func source(_ direction: Fault.Direction) -> any Channel { direction == .toServer ? client : server }

    private func sink(_ direction: Fault.Direction) -> any Channel { direction == .toServer ? server : client }

    private func pump(_ direction: Fault.Direction) {
        while !isOver, self[direction].holds == 0 {
            guard self[direction].trickle == 0 else { return trickleLater(direction) }
            switch self[direction].cursor.next(available: self[direction].backlog.readableBytes) {
            case .forward(let count): forward(count, direction)
            case .fault(let action): strike(action, direction)
            case .wait:
                if self[direction].hasEnded { finish(direction) }
                return
            }
        }
    }

    private func forward(_ count: Int, _ direction: Fault.Direction) {
        guard let bytes = self[direction].backlog.readSlice(length: count) else { return }
        self[direction].backlog.discardReadBytes()
        passed(count, direction)
        sink(direction).writeAndFlush(bytes, promise: nil)
    }

    /// Everything has passed and the sender has left: so does the other side, once it was given everything.
    private func finish(_ direction: Fault.Direction) {
        isOver = true
        end(sink(direction), .finish)
        source(direction).close(promise: nil)
    }

    private func strike(_ action: Fault.Action, _ direction: Fault.Direction) {
        note(action)
        switch action {
        case .cut(let ending): cut(ending)
        case .stall(let turns, let ending):
            hold(.toServer)
            hold(.toClient)
            after(turns: turns) { self.cut(ending) }
        case .hold(let turns):
            hold(direction)
            after(turns: turns) { self.release(direction) }
        case .trickle(let bytes): self[direction].trickle += bytes
        case .orphan(let turns):
            isOrphaned = true
            hold(.toServer)
            end(client, .reset)
            toClient.backlog.clear()
            after(turns: turns) { self.cut(.finish) }
        }
    }

    private func hold(_ direction: Fault.Direction) {
        self[direction].holds += 1
        throttle(direction)
    }

    private func release(_ direction: Fault.Direction) {
        self[direction].holds -= 1
        throttle(direction)
        pump(direction)
    }

    /// A side whose bytes can't pass is not read, so that its own queue fills as behind a real network.
    private func throttle(_ direction: Fault.Direction) {
        guard !isOver else { return }
        let isFree = self[direction].holds == 0 && sink(direction).isWritable
        source(direction).setOption(.autoRead, value: isFree || isOrphaned && direction == .toClient).whenFailure { _ in }
    }

    private func trickleLater(_ direction: Fault.Direction) {
        guard !self[direction].isTrickleDue, self[direction].backlog.readableBytes > 0 || self[direction].hasEnded else { return }
        self[direction].isTrickleDue = true
        loop.execute {
            self[direction].isTrickleDue = false
            self.trickleOne(direction)
        }
    }

    private func trickleOne(_ direction: Fault.Direction) {
        guard !isOver, self[direction].holds == 0 else { return }
        if self[direction].backlog.readableBytes == 0 {
            // The sender has left before all of them came.
            self[direction].trickle = 0
        } else {
            switch self[direction].cursor.next(available: 1) {
            case .forward(let count):
                self[direction].trickle -= 1
                forward(count, direction)
            // It was due between two of these bytes.
            case .fault(let action): strike(action, direction)
            case .wait: break
            }
        }
        pump(direction)
    }

    // MARK: Ending

    private func end(_ channel: any Channel, _ ending: Fault.Ending) {
        let reset = ending == .reset
        // Behind what was written before: a close drops what the system has not taken yet.
        channel.writeAndFlush(ByteBuffer()).whenComplete { _ in
            if reset { channel.resetOnClose() }
            channel.close(promise: nil)
        }
    }

    private func after(turns: Int, _ body: @escaping () -> Void) {
        guard turns > 0 else { return body() }
        loop.execute { if !self.isOver { self.after(turns: turns - 1, body) } }
    }
}

/// The end of one side's pipeline.
final class FaultLinkHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let link: FaultLink
    private let direction: Fault.Direction

    /// - Parameter direction: where the bytes of this side go.
    init(_ link: FaultLink, _ direction: Fault.Direction) {
        self.link = link
        self.direction = direction
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        link.received(unwrapInboundIn(data), direction)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        link.writabilityChanged(direction == .toServer ? .toClient : .toServer)
    }

    func channelInactive(context: ChannelHandlerContext) {
        link.ended(direction)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

@available(*, unavailable) extension FaultLink: Sendable {}
@available(*, unavailable) extension FaultLinkHandler: Sendable {}
