extension Reply: ProtobufMapped {
    init(_ form: ProtoReply, _ payloads: PayloadBytes) throws(FrameError) {
        var body = OneOf<Body>()
        try body.take(form.hasError) { .error(ProtocolError(form.error, payloads)) }
        try body.take(form.hasConnect) { () throws(FrameError) in .connect(try ConnectResult(form.connect, payloads)) }
        try body.take(form.hasSubscribe) { () throws(FrameError) in .subscribe(try SubscribeResult(form.subscribe, payloads)) }
        try body.take(form.hasUnsubscribe) { .unsubscribe }
        try body.take(form.hasPublish) { .publish }
        try body.take(form.hasPresence) { () throws(FrameError) in .presence(try PresenceResult(form.presence, payloads)) }
        try body.take(form.hasPresenceStats) { .presenceStats(PresenceStatsResult(form.presenceStats, payloads)) }
        try body.take(form.hasHistory) { () throws(FrameError) in .history(try HistoryResult(form.history, payloads)) }
        try body.take(form.hasPing) { .ping }
        try body.take(form.hasRpc) { () throws(FrameError) in .rpc(try RPCResult(form.rpc, payloads)) }
        try body.take(form.hasRefresh) { .refresh(RefreshResult(form.refresh, payloads)) }
        try body.take(form.hasSubRefresh) { .subRefresh(SubRefreshResult(form.subRefresh, payloads)) }
        guard let body = body.value else { throw .unknownCommand }
        self.init(id: form.id, body: body)
    }

    func form(_ payloads: PayloadBytes) -> ProtoReply {
        var form = ProtoReply()
        form.id = id
        switch body {
        case .error(let error): form.error = error.form(payloads)
        case .connect(let result): form.connect = result.form(payloads)
        case .subscribe(let result): form.subscribe = result.form(payloads)
        case .unsubscribe: form.unsubscribe = ProtoUnsubscribeResult()
        case .publish: form.publish = ProtoPublishResult()
        case .presence(let result): form.presence = result.form(payloads)
        case .presenceStats(let result): form.presenceStats = result.form(payloads)
        case .history(let result): form.history = result.form(payloads)
        case .ping: form.ping = ProtoPingResult()
        case .rpc(let result): form.rpc = result.form(payloads)
        case .refresh(let result): form.refresh = result.form(payloads)
        case .subRefresh(let result): form.subRefresh = result.form(payloads)
        }
        return form
    }
}

extension ProtocolError: ProtobufMapped {
    init(_ form: ProtoError, _ payloads: PayloadBytes) { self.init(code: form.code, message: form.message, temporary: form.temporary) }

    func form(_ payloads: PayloadBytes) -> ProtoError {
        var form = ProtoError()
        form.code = code
        form.message = message
        form.temporary = temporary
        return form
    }
}
