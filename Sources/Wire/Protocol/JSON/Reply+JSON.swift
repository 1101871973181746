extension Reply: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        guard let body = try object.alternative(of: Body.self) else { throw .unknownCommand }
        self.init(id: try object.integer("id"), body: body)
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.optional("id", id)
            switch body {
            case .error(let error): bytes.member("error", error)
            case .connect(let result): bytes.member("connect", result)
            case .subscribe(let result): bytes.member("subscribe", result)
            case .unsubscribe: bytes.member("unsubscribe", JSONEmpty())
            case .publish: bytes.member("publish", JSONEmpty())
            case .presence(let result): bytes.member("presence", result)
            case .presenceStats(let result): bytes.member("presence_stats", result)
            case .history(let result): bytes.member("history", result)
            case .ping: bytes.member("ping", JSONEmpty())
            case .rpc(let result): bytes.member("rpc", result)
            case .refresh(let result): bytes.member("refresh", result)
            case .subRefresh(let result): bytes.member("sub_refresh", result)
            }
        }
    }
}

extension Reply.Body: JSONAlternative {
    init?(_ name: String, _ element: JSONElement) throws(FrameError) {
        switch name {
        case "error": self = .error(try ProtocolError(element))
        case "connect": self = .connect(try ConnectResult(element))
        case "subscribe": self = .subscribe(try SubscribeResult(element))
        case "unsubscribe":
            _ = try JSONEmpty(element)
            self = .unsubscribe
        case "publish":
            _ = try JSONEmpty(element)
            self = .publish
        case "presence": self = .presence(try PresenceResult(element))
        case "presence_stats": self = .presenceStats(try PresenceStatsResult(element))
        case "history": self = .history(try HistoryResult(element))
        case "ping":
            _ = try JSONEmpty(element)
            self = .ping
        case "rpc": self = .rpc(try RPCResult(element))
        case "refresh": self = .refresh(try RefreshResult(element))
        case "sub_refresh": self = .subRefresh(try SubRefreshResult(element))
        default: return nil
        }
    }
}

extension ProtocolError: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(
            code: try object.integer("code"),
            message: try object.string("message"),
            temporary: try object.bool("temporary")
        )
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.member("code", code)
            bytes.member("message", message)
            bytes.optional("temporary", temporary)
        }
    }
}
