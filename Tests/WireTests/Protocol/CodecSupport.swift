import Testing
import Wire

func decodeCommands(_ text: String) throws(FrameError) -> [Command] { try decodeCommands(Array(text.utf8)) }

func decodeCommands(_ frame: [UInt8], _ codec: any ClientCodec = JSONCodec()) throws(FrameError) -> [Command] {
    // The result crosses the closure as a value because `withUnsafeBytes` forgets the type of what is thrown.
    try frame.withUnsafeBytes { bytes in Result { () throws(FrameError) in try codec.decode(bytes) } }.get()
}

func decodeMessages(_ frame: [UInt8], _ codec: any ServerCodec = JSONClientCodec()) throws(FrameError) -> [ServerMessage] {
    try frame.withUnsafeBytes { bytes in Result { () throws(FrameError) in try codec.decode(bytes) } }.get()
}

func encoded(_ commands: [Command]) -> String { String(decoding: JSONClientCodec().encode(commands), as: UTF8.self) }

func encoded(_ messages: [ServerMessage]) -> String { String(decoding: encode(messages, JSONCodec()), as: UTF8.self) }

func encode(_ messages: [ServerMessage], _ codec: any ClientCodec) -> [UInt8] {
    var frame: [UInt8] = []
    for message in messages {
        switch message {
        case .reply(let reply): codec.append(reply, to: &frame)
        case .push(let push): codec.append(push, to: &frame)
        case .ping: codec.appendPing(to: &frame)
        }
    }
    return frame
}

/// The two sides of one form of the protocol.
struct CodecPair: CustomTestStringConvertible {
    let server: any ClientCodec
    let client: any ServerCodec

    var testDescription: String { server.isText ? "JSON" : "Protobuf" }

    static let json = Self(server: JSONCodec(), client: JSONClientCodec())
    static let protobuf = Self(server: ProtobufCodec(), client: ProtobufClientCodec())
    static let unidirectional = [
        Self(server: JSONCodec(direction: .down), client: JSONClientCodec(direction: .down)),
        Self(server: ProtobufCodec(direction: .down), client: ProtobufClientCodec(direction: .down)),
    ]
}

/// Every command with every field set, and every command with none.
let everyCommand: [Command] = [
    Command(
        id: 1,
        request: .connect(
            ConnectRequest(
                token: "a.b\"c",
                data: RawJSON(#"{"k":[1,2]}"#),
                subs: ["personal:#42": SubscribeRequest(recover: true, epoch: "e", offset: 9)],
                name: "js",
                version: "1.0",
                headers: ["x-é": "v"]
            )
        )
    ),
    Command(id: 2, request: .connect(ConnectRequest())),
    Command(
        id: .max,
        request: .subscribe(
            SubscribeRequest(
                channel: "chat:7",
                token: "t",
                recover: true,
                epoch: "xyz",
                offset: .max,
                data: RawJSON("null"),
                positioned: true,
                recoverable: true,
                joinLeave: true,
                delta: "fossil",
                filter: FilterNode(
                    op: "and",
                    nodes: [
                        FilterNode(key: "sport", cmp: "in", vals: ["boxing", "бокс"]),
                        FilterNode(op: "not", nodes: [FilterNode(key: "free", cmp: "lt", val: "1")]),
                    ]
                ),
                flag: 3
            )
        )
    ),
    Command(id: 4, request: .subscribe(SubscribeRequest(channel: "c"))),
    Command(id: 5, request: .unsubscribe(UnsubscribeRequest(channel: "chat:7"))),
    Command(id: 6, request: .publish(PublishRequest(channel: "chat-live:7", data: RawJSON(#"{"type":"typing"}"#)))),
    Command(id: 7, request: .publish(PublishRequest(channel: "", data: nil))),
    Command(id: 8, request: .presence(PresenceRequest(channel: "c"))),
    Command(id: 9, request: .presenceStats(PresenceStatsRequest(channel: "c"))),
    Command(
        id: 10,
        request: .history(HistoryRequest(channel: "c", limit: -1, since: StreamPosition(epoch: "xyz", offset: 10), reverse: true))
    ),
    Command(id: 11, request: .history(HistoryRequest(channel: "c"))),
    Command(id: 12, request: .ping),
    Command(id: 0, request: .send(SendRequest(data: RawJSON("[1]")))),
    Command(id: 13, request: .rpc(RPCRequest(method: "chat.send", data: RawJSON(#""text""#)))),
    Command(id: 14, request: .refresh(RefreshRequest(token: "jwt"))),
    Command(id: 15, request: .subRefresh(SubRefreshRequest(channel: "c", token: "jwt"))),
    Command(id: 0, request: .pong),
]

private let info = ClientInfo(user: "42", client: "c-1", connInfo: RawJSON(#"{"n":1}"#), chanInfo: RawJSON("true"))

/// Every message of a server, full and empty.
let everyMessage: [ServerMessage] = [
    .reply(Reply(id: 1, body: .error(.permissionDenied))),
    .reply(Reply(id: 1, body: .error(.tooManyRequests))),
    .reply(
        Reply(
            id: 1,
            body: .connect(
                ConnectResult(
                    client: "0f",
                    version: "1",
                    expires: true,
                    ttl: 270,
                    data: RawJSON("{}"),
                    subs: ["personal:#42": SubscribeResult(recoverable: true, epoch: "e", offset: 9, positioned: true)],
                    ping: 25,
                    pong: true,
                    session: "s",
                    node: "n",
                    time: -1
                )
            )
        )
    ),
    .reply(Reply(id: 1, body: .connect(ConnectResult(client: "")))),
    .reply(
        Reply(
            id: 2,
            body: .subscribe(
                SubscribeResult(
                    expires: true,
                    ttl: 0,
                    recoverable: true,
                    epoch: "xyz",
                    publications: [
                        Publication(data: RawJSON("1"), info: info, offset: 42, tags: ["k": "v"], time: 1_700_000_000_000, channel: "c"),
                        Publication(data: RawJSON("null"), offset: 43),
                    ],
                    recovered: true,
                    offset: 41,
                    positioned: true,
                    data: RawJSON(#"{"first":"render"}"#),
                    wasRecovering: true,
                    delta: true
                )
            )
        )
    ),
    .reply(Reply(id: 2, body: .subscribe(SubscribeResult()))),
    .reply(Reply(id: 3, body: .unsubscribe)),
    .reply(Reply(id: 4, body: .publish)),
    .reply(Reply(id: 5, body: .presence(PresenceResult(presence: ["c-1": info])))),
    .reply(Reply(id: 5, body: .presence(PresenceResult(presence: [:])))),
    .reply(Reply(id: 6, body: .presenceStats(PresenceStatsResult(clientCount: 2, userCount: 1)))),
    .reply(Reply(id: 7, body: .history(HistoryResult(publications: [Publication(data: RawJSON("[]"))], epoch: "e", offset: 44)))),
    .reply(Reply(id: 8, body: .ping)),
    .reply(Reply(id: 9, body: .rpc(RPCResult(data: RawJSON(#"{"status":201}"#))))),
    .reply(Reply(id: 9, body: .rpc(RPCResult()))),
    .reply(Reply(id: 10, body: .refresh(RefreshResult(client: "c", version: "1", expires: true, ttl: 270)))),
    .reply(Reply(id: 11, body: .subRefresh(SubRefreshResult(expires: true, ttl: 300)))),
    .push(Push(channel: "c", body: .publication(Publication(data: RawJSON(#"{"a":"b"}"#), info: info, offset: 5, tags: ["k": "v"])))),
    .push(Push(channel: "c", body: .publication(Publication(data: RawJSON(#""A\n5@0,5:{}AB1Ks4;""#), offset: 6, delta: true)))),
    .push(Push(channel: "c", body: .join(info))),
    .push(Push(channel: "c", body: .leave(ClientInfo(user: "", client: "c-2")))),
    .push(Push(channel: "c", body: .unsubscribe(.server))),
    .push(
        Push(
            channel: "personal:#42",
            body: .subscribe(SubscribePush(recoverable: true, epoch: "e", offset: 0, positioned: true, data: RawJSON("0")))
        )
    ),
    .push(Push(body: .message(RawJSON("{}")))),
    .push(Push(body: .connect(ConnectResult(client: "0f", subs: ["c": SubscribeResult(epoch: "e", offset: 1)], ping: 25)))),
    .push(Push(body: .disconnect(.shutdown))),
    .push(Push(body: .refresh(RefreshPush(expires: true, ttl: 60)))),
    .ping,
]
