import Client
import Synchronization
import Wire

/// Follows channels through cuts with as little as that takes: frames on a socket, Foundation's JSON, an offset for each channel. It shares
/// no code with the client that it stands beside, so that what one of them hides the other shows.
///
/// It repairs nothing: a gap or a duplicate is written down like everything else and stands in ``heard(_:)``.
public final class BareFollower: Sendable {
    public struct Counts: Hashable, Sendable {
        /// Connections on which every channel was subscribed.
        public var arrivals = 0
        /// Publications that came with a resumption.
        public var recovered = 0
        /// Resumptions for which the server no longer had everything.
        public var notRecovered = 0
        /// Answers that break the protocol: a wrong starting offset, say.
        public var violations: [String] = []
        /// Connections on which nothing came any more though nobody had ended them, by how far they had come.
        public var silences: [String] = []
        /// Close codes of the server, by how often they came.
        public var closes: [UInt16: Int] = [:]
    }

    private struct State {
        var positions: [String: StreamPosition]
        var heard: [String: [SequenceEntry]] = [:]
        var counts = Counts()
        var goals: [String: UInt64]?
    }

    public let channels: [String]
    public let gauge = OffsetGauge()
    private let token: String
    private let state: Mutex<State>

    /// - Parameter positions: where the follower begins in each channel.
    public init(token: String, since positions: [String: StreamPosition]) {
        self.token = token
        channels = positions.keys.sorted()
        state = Mutex(State(positions: positions))
    }

    /// What came, in that order.
    public func heard(_ channel: String) -> [SequenceEntry] { state.withLock { $0.heard[channel] ?? [] } }

    public var counts: Counts { state.withLock(\.counts) }

    /// Lets ``run(port:)`` end as soon as each channel has come this far.
    public func finish(at offsets: [String: UInt64]) {
        state.withLock { $0.goals = offsets }
    }

    /// Connects and resumes until ``finish(at:)`` has been called and its offsets are reached, or can't be: after three connections on which
    /// nothing came that was missing.
    ///
    /// - Parameter port: where to connect; called for each connection, may wait, and ends the run by throwing.
    public func run(port: @Sendable () async throws -> Int) async {
        var fruitless = 0
        while !isFinished, fruitless < 3 {
            let before = state.withLock { ($0.goals != nil, $0.positions) }
            guard let port = try? await port() else { return }
            try? await follow(port: port)
            let after = state.withLock { ($0.goals != nil, $0.positions) }
            fruitless = before.0 && before.1 == after.1 ? fruitless + 1 : 0
        }
    }

    /// Walks through the whole life of a connection once: subscribes, hears publications, answers pings, unsubscribes, leaves.
    ///
    /// - Parameters:
    ///   - subscribed: is called when every channel is subscribed.
    /// - Throws: where the network or the server ended it before.
    public func visit(port: Int, until goal: Visit, subscribed: @escaping @Sendable () async -> Void) async throws {
        try await follow(port: port, Visiting(goal: goal, subscribed: subscribed))
    }

    /// How long a visit lasts.
    public struct Visit: Hashable, Sendable {
        /// At least so many of all channels together.
        public let publications: Int
        public let pings: Int

        public init(publications: Int, pings: Int) {
            self.publications = publications
            self.pings = pings
        }
    }

    private struct Visiting {
        let goal: Visit
        let subscribed: @Sendable () async -> Void
    }

    private var isFinished: Bool {
        state.withLock { state in
            guard let goals = state.goals else { return false }
            return goals.allSatisfy { (state.positions[$0.key]?.offset ?? 0) >= $0.value }
        }
    }

    // MARK: One connection

    private func follow(port: Int, _ visiting: Visiting? = nil) async throws {
        let socket: UpgradedSocket
        do {
            socket = try await UpgradedSocket.connect(port: port)
        } catch ClientError.timedOut {
            state.withLock { $0.counts.silences.append("handshake") }
            throw ClientError.timedOut
        }
        do {
            if let visiting { try await visit(on: socket, visiting) } else { try await converse(on: socket) }
        } catch {
            await socket.cut()
            throw error
        }
        await socket.close()
    }

    private func converse(on socket: UpgradedSocket) async throws {
        try await socket.send(greeting())
        var (answered, isSubscribed) = (0, false)
        while !isFinished {
            do {
                for message in try await messages(on: socket) where !message.isPing { answered += try receive(message) }
            } catch ClientError.timedOut {
                // Pings come more seldom than a read waits, so only an unanswered command is a silence.
                if !isSubscribed { state.withLock { $0.counts.silences.append("\(answered) of \(channels.count) answered") } }
                throw ClientError.timedOut
            }
            if answered == channels.count {
                answered = 0
                isSubscribed = true
                state.withLock { $0.counts.arrivals += 1 }
            }
        }
    }

    private func visit(on socket: UpgradedSocket, _ visiting: Visiting) async throws {
        try await socket.send(greeting())
        let before = state.withLock { $0.heard.values.reduce(0) { $0 + $1.count } }
        var (answered, pings, heard) = (0, 0, 0)
        while heard < visiting.goal.publications || pings < visiting.goal.pings || answered < channels.count {
            for message in try await messages(on: socket) {
                if message.isPing {
                    pings += 1
                } else {
                    answered += try receive(message)
                    if message.subscribe != nil, answered == channels.count { await visiting.subscribed() }
                }
            }
            heard = state.withLock { $0.heard.values.reduce(0) { $0 + $1.count } } - before
        }
        try await leave(socket)
    }

    private func leave(_ socket: UpgradedSocket) async throws {
        let commands = channels.enumerated().map { #"{"id":\#($0 + 1_000),"unsubscribe":{"channel":"\#($1)"}}"# }
        try await socket.send(commands.joined(separator: "\n"))
        var left: Set<String> = []
        while left.count < channels.count {
            for message in try await messages(on: socket) where !message.isPing {
                if let channel = message.push?.channel, left.contains(channel) {
                    state.withLock { $0.counts.violations.append("a publication after the unsubscription of \(channel)") }
                }
                _ = try receive(message)
                if let id = message.id, channels.indices.contains(Int(id) - 1_000) { left.insert(channels[Int(id) - 1_000]) }
            }
        }
    }

    /// What the next frame says; its pings are answered.
    private func messages(on socket: UpgradedSocket) async throws -> [BareMessage] {
        let frame = try await socket.receive()
        if frame.opcode == RawFrame.Opcode.close {
            state.withLock { $0.counts.closes[frame.closeCode ?? 1005, default: 0] += 1 }
            throw BareFollowerError.closed
        }
        let messages = try BareMessage.messages(in: frame.payload)
        for message in messages where message.isPing { try await socket.send("{}") }
        return messages
    }

    /// Connect and every subscribe in one frame, as the clients of the protocol do.
    private func greeting() -> String {
        let positions = state.withLock(\.positions)
        let subscriptions = channels.enumerated().map { index, channel in
            let since = positions[channel]
            return """
                {"id":\(index + 2),"subscribe":{"channel":"\(channel)","recover":true,\
                "epoch":"\(since?.epoch ?? "")","offset":\(since?.offset ?? 0)}}
                """
        }
        return ([#"{"id":1,"connect":{"token":"\#(token)"}}"#] + subscriptions).joined(separator: "\n")
    }

    /// - Returns: how many channels the message has subscribed.
    private func receive(_ message: BareMessage) throws -> Int {
        if let push = message.push, let channel = push.channel {
            if let publication = push.pub { hear(publication, in: channel) }
            // Nothing more comes there; the next connection resumes.
            if push.unsubscribe != nil { throw BareFollowerError.unsubscribed }
            return 0
        }
        if let error = message.error { throw BareFollowerError.refused(code: error.code) }
        guard let result = message.subscribe, let id = message.id, channels.indices.contains(Int(id) - 2) else { return 0 }
        begin(channels[Int(id) - 2], result)
        return 1
    }

    private func begin(_ channel: String, _ result: BareMessage.Subscribed) {
        let (epoch, offset) = (result.epoch ?? "", result.offset ?? 0)
        let isRecovered = result.recovered ?? false
        state.withLock { state in
            let since = state.positions[channel]
            if result.wasRecovering != true { state.counts.violations.append("no word of the recovery in \(channel)") }
            if isRecovered, let since, since.offset != offset || !since.epoch.isEmpty && since.epoch != epoch {
                state.counts.violations.append("asked for \(since) of \(channel), got \(epoch):\(offset)")
            }
            if !isRecovered { state.counts.notRecovered += 1 }
            state.positions[channel] = StreamPosition(epoch: epoch, offset: isRecovered ? since?.offset ?? offset : offset)
            state.counts.recovered += result.publications?.count ?? 0
        }
        for publication in result.publications ?? [] { hear(publication, in: channel) }
    }

    private func hear(_ publication: BarePublication, in channel: String) {
        let entry = publication.entry
        // The personal channel, which nobody asked for, is not written down.
        let isOurs = state.withLock { state in
            guard let position = state.positions[channel] else { return false }
            state.heard[channel, default: []].append(entry)
            state.positions[channel] = StreamPosition(epoch: position.epoch, offset: entry.offset)
            return true
        }
        if isOurs { gauge.moved(channel, to: entry.offset) }
    }
}

/// Why a connection of a bare follower ended before the network did it.
enum BareFollowerError: Error {
    case closed
    case unsubscribed
    case refused(code: Int)
}
