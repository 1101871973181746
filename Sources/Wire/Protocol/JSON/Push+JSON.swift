extension Push: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        guard let body = try object.alternative(of: Body.self) else { throw .unknownCommand }
        self.init(channel: try object.string("channel"), body: body)
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.member("channel", channel)
            switch body {
            case .publication(let publication): bytes.member("pub", publication)
            case .join(let info): bytes.member("join", JSONInfo(info: info))
            case .leave(let info): bytes.member("leave", JSONInfo(info: info))
            case .unsubscribe(let unsubscription): bytes.member("unsubscribe", unsubscription)
            case .subscribe(let subscription): bytes.member("subscribe", subscription)
            case .message(let data):
                bytes.name("message")
                bytes.object { $0.member("data", data) }
            case .connect(let result): bytes.member("connect", result)
            case .disconnect(let disconnect): bytes.member("disconnect", disconnect)
            case .refresh(let refresh): bytes.member("refresh", refresh)
            }
        }
    }
}

extension Push.Body: JSONAlternative {
    init?(_ name: String, _ element: JSONElement) throws(FrameError) {
        switch name {
        case "pub": self = .publication(try Publication(element))
        case "join": self = .join(try JSONInfo(element).info)
        case "leave": self = .leave(try JSONInfo(element).info)
        case "unsubscribe": self = .unsubscribe(try Unsubscription(element))
        case "subscribe": self = .subscribe(try SubscribePush(element))
        case "message":
            guard let data = try element.object().raw("data") else { throw .malformed }
            self = .message(data)
        case "connect": self = .connect(try ConnectResult(element))
        case "disconnect": self = .disconnect(try Disconnect(element))
        case "refresh": self = .refresh(try RefreshPush(element))
        default: return nil
        }
    }
}

/// The object around the one who joins or leaves.
private struct JSONInfo: JSONReadable, JSONWritable {
    let info: ClientInfo

    init(info: ClientInfo) { self.info = info }

    init(_ element: JSONElement) throws(FrameError) {
        guard let info = try element.object().read("info", ClientInfo.self) else { throw .malformed }
        self.info = info
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { $0.member("info", info) }
    }
}

extension Disconnect: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(code: try object.integer("code"), reason: try object.string("reason"))
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.member("code", code)
            bytes.member("reason", reason)
            // What the code says already, for those who do not know its ranges.
            bytes.optional("reconnect", !isTerminal)
        }
    }
}
