import SeededRandom
import Wire

/// Random messages of every kind, with every field now full and now empty.
struct RandomMessages {
    private var generator: SplitMix64

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    static let kindsOfCommand = 13
    static let kindsOfMessage = 22

    mutating func command(kind: Int) -> Command {
        let request: Command.Request =
            switch kind {
            case 0: .connect(connectRequest())
            case 1: .subscribe(subscribeRequest())
            case 2: .unsubscribe(UnsubscribeRequest(channel: text()))
            case 3: .publish(PublishRequest(channel: text(), data: payload()))
            case 4: .presence(PresenceRequest(channel: text()))
            case 5: .presenceStats(PresenceStatsRequest(channel: text()))
            case 6:
                .history(HistoryRequest(channel: text(), limit: number(in: -1...300), since: flip() ? position() : nil, reverse: flip()))
            case 7: .ping
            case 8: .send(SendRequest(data: payload()))
            case 9: .rpc(RPCRequest(method: text(), data: payload()))
            case 10: .refresh(RefreshRequest(token: text()))
            case 11: .subRefresh(SubRefreshRequest(channel: text(), token: text()))
            default: .pong
            }
        return Command(id: request == .pong ? 0 : UInt32(truncatingIfNeeded: integer()) | 1, request: request)
    }

    mutating func message(kind: Int) -> ServerMessage {
        switch kind {
        case 0: reply(.error(ProtocolError(code: small(), message: text(), temporary: flip())))
        case 1: reply(.connect(connectResult()))
        case 2: reply(.subscribe(subscribeResult()))
        case 3: reply(.unsubscribe)
        case 4: reply(.publish)
        case 5: reply(.presence(PresenceResult(presence: entries { $0.info() })))
        case 6: reply(.presenceStats(PresenceStatsResult(clientCount: small(), userCount: small())))
        case 7: reply(.history(HistoryResult(publications: publications(), epoch: text(), offset: integer())))
        case 8: reply(.ping)
        case 9: reply(.rpc(RPCResult(data: payload())))
        case 10: reply(.refresh(RefreshResult(client: text(), version: text(), expires: flip(), ttl: small())))
        case 11: reply(.subRefresh(SubRefreshResult(expires: flip(), ttl: small())))
        case 12: .push(Push(channel: text(), body: .publication(publication())))
        case 13: .push(Push(channel: text(), body: .join(info())))
        case 14: .push(Push(channel: text(), body: .leave(info())))
        case 15: .push(Push(channel: text(), body: .unsubscribe(Unsubscription(code: small(), reason: text()))))
        case 16:
            .push(
                Push(
                    channel: text(),
                    body: .subscribe(
                        SubscribePush(recoverable: flip(), epoch: text(), offset: integer(), positioned: flip(), data: payload())
                    )
                )
            )
        case 17: .push(Push(body: .message(payload() ?? RawJSON("null"))))
        case 18: .push(Push(body: .connect(connectResult())))
        case 19: .push(Push(body: .disconnect(Disconnect(code: UInt16(truncatingIfNeeded: integer()), reason: text()))))
        case 20: .push(Push(body: .refresh(RefreshPush(expires: flip(), ttl: small()))))
        default: .ping
        }
    }

    private mutating func reply(_ body: Reply.Body) -> ServerMessage {
        .reply(Reply(id: UInt32(truncatingIfNeeded: integer()) | 1, body: body))
    }

    private mutating func connectRequest() -> ConnectRequest {
        ConnectRequest(
            token: text(),
            data: payload(),
            subs: entries { $0.subscribeRequest() },
            name: text(),
            version: text(),
            headers: entries { $0.text() }
        )
    }

    private mutating func connectResult() -> ConnectResult {
        ConnectResult(
            client: text(),
            version: text(),
            expires: flip(),
            ttl: small(),
            data: payload(),
            subs: entries { $0.subscribeResult() },
            ping: small(),
            pong: flip(),
            session: text(),
            node: text(),
            time: time()
        )
    }

    private mutating func subscribeRequest() -> SubscribeRequest {
        SubscribeRequest(
            channel: text(),
            token: text(),
            recover: flip(),
            epoch: text(),
            offset: integer(),
            data: payload(),
            positioned: flip(),
            recoverable: flip(),
            joinLeave: flip(),
            delta: text(),
            filter: flip() ? filter(depth: 1) : nil,
            flag: integer()
        )
    }

    private mutating func filter(depth: Int) -> FilterNode {
        FilterNode(
            op: text(),
            key: text(),
            cmp: text(),
            val: text(),
            vals: (0..<number(in: 0...2)).map { _ in text() },
            nodes: depth < 4 ? (0..<number(in: 0...2)).map { _ in filter(depth: depth + 1) } : []
        )
    }

    private mutating func subscribeResult() -> SubscribeResult {
        SubscribeResult(
            expires: flip(),
            ttl: small(),
            recoverable: flip(),
            epoch: text(),
            publications: publications(),
            recovered: flip(),
            offset: integer(),
            positioned: flip(),
            data: payload(),
            wasRecovering: flip(),
            delta: flip()
        )
    }

    private mutating func publications() -> [Publication] { (0..<number(in: 0...3)).map { _ in publication() } }

    private mutating func publication() -> Publication {
        Publication(
            data: payload() ?? RawJSON("0"),
            info: flip() ? info() : nil,
            offset: integer(),
            tags: entries { $0.text() },
            delta: flip(),
            time: time(),
            channel: text()
        )
    }

    private mutating func info() -> ClientInfo {
        ClientInfo(user: text(), client: text(), connInfo: payload(), chanInfo: payload())
    }

    private mutating func position() -> StreamPosition { StreamPosition(epoch: text(), offset: integer()) }

    private mutating func entries<Value>(_ value: (inout Self) -> Value) -> [String: Value] {
        var entries: [String: Value] = [:]
        // The number keeps keys apart, and none empty.
        for index in 0..<number(in: 0...3) { entries["\(text())\(index)"] = value(&self) }
        return entries
    }

    private mutating func payload() -> RawJSON? {
        guard flip() else { return nil }
        return (try? RawJSON(encoding: RandomJSON(using: &generator, depth: 2))) ?? RawJSON("null")
    }

    private mutating func text() -> String { flip() ? RandomJSON.string(using: &generator) : "" }
    /// Never zero, which Protobuf cannot tell from absent.
    private mutating func time() -> Int64? { flip() ? Int64(bitPattern: integer() | 1) : nil }
    private mutating func integer() -> UInt64 { generator.next() >> UInt64(number(in: 0...63)) }
    private mutating func small() -> UInt32 { UInt32(truncatingIfNeeded: integer()) }
    private mutating func number(in range: ClosedRange<Int>) -> Int { generator.number(in: range) }
    private mutating func flip() -> Bool { generator.number(in: 0...1) == 1 }
}
