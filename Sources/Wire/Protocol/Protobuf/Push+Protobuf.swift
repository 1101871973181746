extension Push: ProtobufMapped {
    init(_ form: ProtoPush, _ payloads: PayloadBytes) throws(FrameError) {
        var body = OneOf<Body>()
        try body.take(form.hasPub) { () throws(FrameError) in .publication(try Publication(form.pub, payloads)) }
        try body.take(form.hasJoin) { () throws(FrameError) in .join(try ClientInfo(form.join.info, payloads)) }
        try body.take(form.hasLeave) { () throws(FrameError) in .leave(try ClientInfo(form.leave.info, payloads)) }
        try body.take(form.hasUnsubscribe) { .unsubscribe(Unsubscription(form.unsubscribe, payloads)) }
        try body.take(form.hasMessage) { () throws(FrameError) in
            guard let data = try payloads.read(form.message.data) else { throw .malformed }
            return .message(data)
        }
        try body.take(form.hasSubscribe) { () throws(FrameError) in .subscribe(try SubscribePush(form.subscribe, payloads)) }
        try body.take(form.hasConnect) { () throws(FrameError) in .connect(try ConnectResult(form.connect, payloads)) }
        try body.take(form.hasDisconnect) { () throws(FrameError) in .disconnect(try Disconnect(form.disconnect, payloads)) }
        try body.take(form.hasRefresh) { .refresh(RefreshPush(form.refresh, payloads)) }
        guard let body = body.value else { throw .unknownCommand }
        self.init(channel: form.channel, body: body)
    }

    func form(_ payloads: PayloadBytes) -> ProtoPush {
        var form = ProtoPush()
        form.channel = channel
        switch body {
        case .publication(let publication): form.pub = publication.form(payloads)
        case .join(let info): form.join.info = info.form(payloads)
        case .leave(let info): form.leave.info = info.form(payloads)
        case .unsubscribe(let unsubscription): form.unsubscribe = unsubscription.form(payloads)
        case .subscribe(let subscription): form.subscribe = subscription.form(payloads)
        case .message(let data): form.message.data = payloads.write(data)
        case .connect(let result): form.connect = result.form(payloads)
        case .disconnect(let disconnect): form.disconnect = disconnect.form(payloads)
        case .refresh(let refresh): form.refresh = refresh.form(payloads)
        }
        return form
    }
}

extension Disconnect: ProtobufMapped {
    init(_ form: ProtoDisconnect, _ payloads: PayloadBytes) throws(FrameError) {
        guard let code = UInt16(exactly: form.code) else { throw .malformed }
        self.init(code: code, reason: form.reason)
    }

    func form(_ payloads: PayloadBytes) -> ProtoDisconnect {
        var form = ProtoDisconnect()
        form.code = UInt32(code)
        form.reason = reason
        form.reconnect = !isTerminal
        return form
    }
}
