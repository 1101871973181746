import Client
import Foundation
import NIOCore
import NIOPosix

/// One of many clients on one event loop: as small as a client that resumes can be.
final class SwarmClient {
    private enum Phase {
        case offline, connecting, upgrading, live
    }

    private struct Position {
        let epoch: String
        var offset: UInt64
    }

    /// Lets go of its clients when it stops.
    private let crew: SwarmCrew
    private let index: Int
    private var phase = Phase.offline
    private var channel: (any Channel)?
    private var unread = ByteBuffer()
    private var positions: [String: Position] = [:]
    private var answered = 0
    private var arrivals = 0
    private(set) var tally = SwarmTally()

    init(crew: SwarmCrew, index: Int) {
        self.crew = crew
        self.index = index
        positions = crew.plan.positions.mapValues { Position(epoch: $0.epoch, offset: $0.offset) }
    }

    /// The lowest of its channels' offsets: everything up to it has come.
    var offset: UInt64 {
        hasArrived ? positions.values.map(\.offset).min() ?? 0 : 0
    }

    /// Knows where it stands in every channel.
    var hasArrived: Bool { positions.count == crew.plan.channels.count }

    var isSubscribed: Bool { answered == crew.plan.channels.count && channel != nil }

    // MARK: Coming and going

    func connect() {
        guard phase == .offline, !crew.isOver else { return }
        phase = .connecting
        crew.bootstrap(index).connect(host: "127.0.0.1", port: crew.port()).assumeIsolated().whenComplete { result in
            self.crew.attemptEnded()
            switch result {
            case .success(let channel): self.connected(channel)
            case .failure: self.lost()
            }
        }
    }

    private func connected(_ channel: any Channel) {
        guard !crew.isOver else { return channel.close(promise: nil) }
        self.channel = channel
        phase = .upgrading
        answered = 0
        unread.clear()
        do {
            try channel.pipeline.syncOperations.addHandler(SwarmHandler(self))
        } catch {
            return cut()
        }
        let request = """
            GET /connection/websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
            Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
            """
        channel.writeAndFlush(ByteBuffer(string: request), promise: nil)
        if !channel.isActive { ended(channel) }
    }

    /// Loses the network.
    func cut() {
        channel?.resetOnClose()
        channel?.close(promise: nil)
    }

    func ended(_ channel: any Channel) {
        guard self.channel === channel else { return }
        lost()
    }

    private func lost() {
        let wasSubscribed = isSubscribed
        channel = nil
        phase = .offline
        crew.clientLost(self, wasSubscribed: wasSubscribed)
    }

    // MARK: Reading

    func read(_ bytes: ByteBuffer) {
        unread.writeImmutableBuffer(bytes)
        if phase == .upgrading {
            guard let end = unread.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
            let head = unread.readSlice(length: end.upperBound - unread.readerIndex) ?? ByteBuffer()
            guard head.readableBytesView.starts(with: Array("HTTP/1.1 101 ".utf8)) else {
                tally.refusals += 1
                return cut()
            }
            phase = .live
            sendGreeting()
        }
        while phase == .live, let frame = SwarmScan.frame(from: &unread) { receive(frame) }
        unread.discardReadBytes()
    }

    private func sendGreeting() {
        let subscriptions = crew.plan.channels.enumerated().map { number, name in
            guard let position = positions[name] else { return #"{"id":\#(number + 2),"subscribe":{"channel":"\#(name)"}}"# }
            return """
                {"id":\(number + 2),"subscribe":{"channel":"\(name)","recover":true,"epoch":"\(position.epoch)","offset":\(position.offset)}}
                """
        }
        send(([#"{"id":1,"connect":{"token":"\#(crew.plan.token)"}}"#] + subscriptions).joined(separator: "\n"))
    }

    private func send(_ text: String) {
        channel?.writeAndFlush(ByteBuffer(bytes: RawFrame.text(text).bytes), promise: nil)
    }

    private func receive(_ frame: SwarmScan.Frame) {
        switch frame.opcode {
        case RawFrame.Opcode.text:
            SwarmScan.lines(frame.payload) { receive($0) }
        case RawFrame.Opcode.close:
            var payload = frame.payload
            tally.closes[payload.readInteger() ?? 1005, default: 0] += 1
            channel?.close(promise: nil)
        case RawFrame.Opcode.ping:
            channel?.writeAndFlush(ByteBuffer(bytes: RawFrame(RawFrame.Opcode.pong, Array(buffer: frame.payload)).bytes), promise: nil)
        default: break
        }
    }

    private func receive(_ line: UnsafeRawBufferPointer) {
        switch SwarmScan.message(line) {
        case .ping: send("{}")
        case .publication(let name, let offset): hear(name, offset)
        case .other: receiveReply(line)
        }
    }

    private func receiveReply(_ line: UnsafeRawBufferPointer) {
        guard let message = try? JSONDecoder().decode(BareMessage.self, from: Data(line)) else { return cut() }
        // The next connection resumes.
        if message.error != nil || message.push?.unsubscribe != nil { return cut() }
        guard let result = message.subscribe, let id = message.id, crew.plan.channels.indices.contains(Int(id) - 2) else { return }
        begin(crew.plan.channels[Int(id) - 2], result)
        answered += 1
        if isSubscribed {
            arrivals += 1
            crew.clientSubscribed(isFirst: arrivals == 1)
            setReading()
        }
    }

    private func begin(_ name: String, _ result: BareMessage.Subscribed) {
        let (epoch, offset) = (result.epoch ?? "", result.offset ?? 0)
        if positions[name] != nil, result.recovered == true {
            tally.resumes += 1
            tally.recovered += result.publications?.count ?? 0
            for publication in result.publications ?? [] { hear(name, publication.offset ?? 0) }
        } else {
            if positions[name] != nil { tally.notRecovered += 1 }
            positions[name] = Position(epoch: epoch, offset: offset)
        }
    }

    private func hear(_ name: String, _ offset: UInt64) {
        guard let position = positions[name] else { return }
        if offset <= position.offset {
            tally.duplicates += 1
            return
        }
        tally.gaps += Int(clamping: offset - position.offset - 1)
        tally.delivered += 1
        let before = crew.watchesProgress ? self.offset : 0
        positions[name]?.offset = offset
        if crew.watchesProgress { crew.clientMoved(from: before, to: self.offset) }
    }

    /// Takes on how the crew reads now.
    func setReading() {
        guard isSubscribed, let channel else { return }
        channel.setOption(.autoRead, value: crew.reading == .eager).whenFailure { _ in }
    }

    /// A slow reader's next look at its socket.
    func readOnce() {
        if isSubscribed { channel?.read() }
    }
}

/// The end of a client's pipeline.
private final class SwarmHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let client: SwarmClient

    init(_ client: SwarmClient) { self.client = client }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        client.read(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        client.ended(context.channel)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

@available(*, unavailable) extension SwarmClient: Sendable {}
@available(*, unavailable) extension SwarmHandler: Sendable {}
