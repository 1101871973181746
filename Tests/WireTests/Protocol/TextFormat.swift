import Wire

/// Messages in the text format of Protobuf, as `protoc --decode` prints it: fields in the order of their numbers, zero values left out, maps
/// in the order of their keys. Written from the protocol's tables, so that a wrong number in the code shows.
struct TextFormat {
    private(set) var text = ""
    private var indent = 0

    mutating func command(_ command: Command) {
        field("id", command.id)
        switch command.request {
        case .connect(let request): message("connect") { $0.connect(request) }
        case .subscribe(let request): message("subscribe") { $0.subscribe(request) }
        case .unsubscribe(let request): message("unsubscribe") { $0.field("channel", request.channel) }
        case .publish(let request):
            message("publish") {
                $0.field("channel", request.channel)
                $0.field("data", request.data)
            }
        case .presence(let request): message("presence") { $0.field("channel", request.channel) }
        case .presenceStats(let request): message("presence_stats") { $0.field("channel", request.channel) }
        case .history(let request):
            message("history") {
                $0.field("channel", request.channel)
                $0.field("limit", request.limit)
                if let since = request.since {
                    $0.message("since") {
                        $0.field("offset", since.offset)
                        $0.field("epoch", since.epoch)
                    }
                }
                $0.field("reverse", request.reverse)
            }
        case .ping: message("ping") { _ in }
        case .send(let request): message("send") { $0.field("data", request.data) }
        case .rpc(let request):
            message("rpc") {
                $0.field("data", request.data)
                $0.field("method", request.method)
            }
        case .refresh(let request): message("refresh") { $0.field("token", request.token) }
        case .subRefresh(let request):
            message("sub_refresh") {
                $0.field("channel", request.channel)
                $0.field("token", request.token)
            }
        case .pong: break
        }
    }

    mutating func message(_ message: ServerMessage) {
        switch message {
        case .reply(let reply): self.reply(reply)
        case .push(let push): self.message("push") { $0.push(push) }
        case .ping: break
        }
    }

    private mutating func reply(_ reply: Reply) {
        field("id", reply.id)
        switch reply.body {
        case .error(let error):
            message("error") {
                $0.field("code", error.code)
                $0.field("message", error.message)
                $0.field("temporary", error.temporary)
            }
        case .connect(let result): message("connect") { $0.connected(result, isPush: false) }
        case .subscribe(let result): message("subscribe") { $0.subscribed(result) }
        case .unsubscribe: message("unsubscribe") { _ in }
        case .publish: message("publish") { _ in }
        case .presence(let result): message("presence") { $0.map("presence", result.presence) { $0.info($1) } }
        case .presenceStats(let result):
            message("presence_stats") {
                $0.field("num_clients", result.clientCount)
                $0.field("num_users", result.userCount)
            }
        case .history(let result):
            message("history") {
                for publication in result.publications { $0.message("publications") { $0.publication(publication) } }
                $0.field("epoch", result.epoch)
                $0.field("offset", result.offset)
            }
        case .ping: message("ping") { _ in }
        case .rpc(let result): message("rpc") { $0.field("data", result.data) }
        case .refresh(let result):
            message("refresh") {
                $0.field("client", result.client)
                $0.field("version", result.version)
                $0.field("expires", result.expires)
                $0.field("ttl", result.ttl)
            }
        case .subRefresh(let result):
            message("sub_refresh") {
                $0.field("expires", result.expires)
                $0.field("ttl", result.ttl)
            }
        }
    }

    private mutating func push(_ push: Push) {
        field("channel", push.channel)
        switch push.body {
        case .publication(let publication): message("pub") { $0.publication(publication) }
        case .join(let info): message("join") { $0.message("info") { $0.info(info) } }
        case .leave(let info): message("leave") { $0.message("info") { $0.info(info) } }
        case .unsubscribe(let unsubscription):
            message("unsubscribe") {
                $0.field("code", unsubscription.code)
                $0.field("reason", unsubscription.reason)
            }
        case .subscribe(let subscription):
            message("subscribe") {
                $0.field("recoverable", subscription.recoverable)
                $0.field("epoch", subscription.epoch)
                $0.field("offset", subscription.offset)
                $0.field("positioned", subscription.positioned)
                $0.field("data", subscription.data)
            }
        case .message(let data): message("message") { $0.field("data", data) }
        case .connect(let result): message("connect") { $0.connected(result, isPush: true) }
        case .disconnect(let disconnect):
            message("disconnect") {
                $0.field("code", disconnect.code)
                $0.field("reason", disconnect.reason)
                $0.field("reconnect", !disconnect.isTerminal)
            }
        case .refresh(let refresh):
            message("refresh") {
                $0.field("expires", refresh.expires)
                $0.field("ttl", refresh.ttl)
            }
        }
    }

    private mutating func connect(_ request: ConnectRequest) {
        field("token", request.token)
        field("data", request.data)
        map("subs", request.subs) { $0.subscribe($1) }
        field("name", request.name)
        field("version", request.version)
        for (key, value) in sorted(request.headers) { pair("headers", key, value) }
    }

    /// The same fields in the reply and in the push, in another order.
    private mutating func connected(_ result: ConnectResult, isPush: Bool) {
        field("client", result.client)
        field("version", result.version)
        if isPush {
            field("data", result.data)
            map("subs", result.subs) { $0.subscribed($1) }
        }
        field("expires", result.expires)
        field("ttl", result.ttl)
        if !isPush {
            field("data", result.data)
            map("subs", result.subs) { $0.subscribed($1) }
        }
        field("ping", result.ping)
        field("pong", result.pong)
        field("session", result.session)
        field("node", result.node)
        field("time", result.time ?? 0)
    }

    private mutating func subscribe(_ request: SubscribeRequest) {
        field("channel", request.channel)
        field("token", request.token)
        field("recover", request.recover)
        field("epoch", request.epoch)
        field("offset", request.offset)
        field("data", request.data)
        field("positioned", request.positioned)
        field("recoverable", request.recoverable)
        field("join_leave", request.joinLeave)
        field("delta", request.delta)
        if let filter = request.filter { message("tf") { $0.filter(filter) } }
        field("flag", request.flag)
    }

    private mutating func filter(_ filter: FilterNode) {
        field("op", filter.op)
        field("key", filter.key)
        field("cmp", filter.cmp)
        field("val", filter.val)
        for value in filter.vals { line("vals: \(Self.quoted(value.utf8))") }
        for node in filter.nodes { message("nodes") { $0.filter(node) } }
    }

    private mutating func subscribed(_ result: SubscribeResult) {
        field("expires", result.expires)
        field("ttl", result.ttl)
        field("recoverable", result.recoverable)
        field("epoch", result.epoch)
        for publication in result.publications { message("publications") { $0.publication(publication) } }
        field("recovered", result.recovered)
        field("offset", result.offset)
        field("positioned", result.positioned)
        field("data", result.data)
        field("was_recovering", result.wasRecovering)
        field("delta", result.delta)
    }

    private mutating func publication(_ publication: Publication) {
        field("data", publication.data)
        if let info = publication.info { message("info") { $0.info(info) } }
        field("offset", publication.offset)
        for (key, value) in sorted(publication.tags) { pair("tags", key, value) }
        field("delta", publication.delta)
        field("time", publication.time ?? 0)
        field("channel", publication.channel)
    }

    private mutating func info(_ info: ClientInfo) {
        field("user", info.user)
        field("client", info.client)
        field("conn_info", info.connInfo)
        field("chan_info", info.chanInfo)
    }

    // MARK: Spelling

    mutating func message(_ name: String, _ body: (inout Self) -> Void) {
        line("\(name) {")
        indent += 2
        body(&self)
        indent -= 2
        line("}")
    }

    private mutating func map<Value>(_ name: String, _ entries: [String: Value], _ body: (inout Self, Value) -> Void) {
        for (key, value) in sorted(entries) {
            message(name) {
                $0.line("key: \(Self.quoted(key.utf8))")
                $0.message("value") { body(&$0, value) }
            }
        }
    }

    private mutating func pair(_ name: String, _ key: String, _ value: String) {
        message(name) {
            $0.line("key: \(Self.quoted(key.utf8))")
            $0.line("value: \(Self.quoted(value.utf8))")
        }
    }

    private func sorted<Value>(_ entries: [String: Value]) -> [(String, Value)] {
        entries.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
    }

    private mutating func field(_ name: String, _ value: String) { if !value.isEmpty { line("\(name): \(Self.quoted(value.utf8))") } }
    private mutating func field(_ name: String, _ value: RawJSON?) { if let value { line("\(name): \(Self.quoted(value.bytes))") } }
    private mutating func field(_ name: String, _ value: Bool) { if value { line("\(name): true") } }
    private mutating func field(_ name: String, _ value: some FixedWidthInteger) { if value != 0 { line("\(name): \(value)") } }

    private mutating func line(_ line: String) { text += String(repeating: " ", count: indent) + line + "\n" }

    private static func quoted(_ bytes: some Sequence<UInt8>) -> String {
        var text = "\""
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\n"): text += "\\n"
            case UInt8(ascii: "\r"): text += "\\r"
            case UInt8(ascii: "\t"): text += "\\t"
            case UInt8(ascii: "\""): text += "\\\""
            case UInt8(ascii: "'"): text += "\\'"
            case UInt8(ascii: "\\"): text += "\\\\"
            case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "\\" + octal(byte)
            }
        }
        return text + "\""
    }

    private static func octal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 8)
        return String(repeating: "0", count: 3 - digits.count) + digits
    }
}
