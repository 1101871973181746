extension Command: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        let id = try object.integer("id", UInt32.self)
        guard let request = try object.alternative(of: Request.self) else {
            // A pong is an id of zero, or none, and nothing else; any other message without a command is one we do not know.
            guard id == 0, object.count == (object["id"] == nil ? 0 : 1) else { throw .unknownCommand }
            self.init(id: 0, request: .pong)
            return
        }
        guard id != 0 || !request.isAnswered else { throw .missingID }
        self.init(id: id, request: request)
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.optional("id", id)
            switch request {
            case .connect(let request): bytes.member("connect", request)
            case .subscribe(let request): bytes.member("subscribe", request)
            case .unsubscribe(let request): bytes.member("unsubscribe", request)
            case .publish(let request): bytes.member("publish", request)
            case .presence(let request): bytes.member("presence", request)
            case .presenceStats(let request): bytes.member("presence_stats", request)
            case .history(let request): bytes.member("history", request)
            case .ping: bytes.member("ping", JSONEmpty())
            case .send(let request): bytes.member("send", request)
            case .rpc(let request): bytes.member("rpc", request)
            case .refresh(let request): bytes.member("refresh", request)
            case .subRefresh(let request): bytes.member("sub_refresh", request)
            case .pong: break
            }
        }
    }
}

extension Command.Request: JSONAlternative {
    init?(_ name: String, _ element: JSONElement) throws(FrameError) {
        switch name {
        case "connect": self = .connect(try ConnectRequest(element))
        case "subscribe": self = .subscribe(try SubscribeRequest(element))
        case "unsubscribe": self = .unsubscribe(try UnsubscribeRequest(element))
        case "publish": self = .publish(try PublishRequest(element))
        case "presence": self = .presence(try PresenceRequest(element))
        case "presence_stats": self = .presenceStats(try PresenceStatsRequest(element))
        case "history": self = .history(try HistoryRequest(element))
        case "ping":
            _ = try JSONEmpty(element)
            self = .ping
        case "send": self = .send(try SendRequest(element))
        case "rpc": self = .rpc(try RPCRequest(element))
        case "refresh": self = .refresh(try RefreshRequest(element))
        case "sub_refresh": self = .subRefresh(try SubRefreshRequest(element))
        default: return nil
        }
    }
}
