extension Command: ProtobufMapped {
    init(_ form: ProtoCommand, _ payloads: PayloadBytes) throws(FrameError) {
        var request = OneOf<Request>()
        try request.take(form.hasConnect) { () throws(FrameError) in .connect(try ConnectRequest(form.connect, payloads)) }
        try request.take(form.hasSubscribe) { () throws(FrameError) in .subscribe(try SubscribeRequest(form.subscribe, payloads)) }
        try request.take(form.hasUnsubscribe) { .unsubscribe(UnsubscribeRequest(form.unsubscribe, payloads)) }
        try request.take(form.hasPublish) { () throws(FrameError) in .publish(try PublishRequest(form.publish, payloads)) }
        try request.take(form.hasPresence) { .presence(PresenceRequest(form.presence, payloads)) }
        try request.take(form.hasPresenceStats) { .presenceStats(PresenceStatsRequest(form.presenceStats, payloads)) }
        try request.take(form.hasHistory) { .history(HistoryRequest(form.history, payloads)) }
        try request.take(form.hasPing) { .ping }
        try request.take(form.hasSend) { () throws(FrameError) in .send(try SendRequest(form.send, payloads)) }
        try request.take(form.hasRpc) { () throws(FrameError) in .rpc(try RPCRequest(form.rpc, payloads)) }
        try request.take(form.hasRefresh) { .refresh(RefreshRequest(form.refresh, payloads)) }
        try request.take(form.hasSubRefresh) { .subRefresh(SubRefreshRequest(form.subRefresh, payloads)) }
        guard let request = request.value else {
            // A pong holds nothing; any other message without a command is one we do not know.
            guard form.id == 0, form.unknownFields.data.isEmpty else { throw .unknownCommand }
            self.init(id: 0, request: .pong)
            return
        }
        guard form.id != 0 || !request.isAnswered else { throw .missingID }
        self.init(id: form.id, request: request)
    }

    func form(_ payloads: PayloadBytes) -> ProtoCommand {
        var form = ProtoCommand()
        form.id = id
        switch request {
        case .connect(let request): form.connect = request.form(payloads)
        case .subscribe(let request): form.subscribe = request.form(payloads)
        case .unsubscribe(let request): form.unsubscribe = request.form(payloads)
        case .publish(let request): form.publish = request.form(payloads)
        case .presence(let request): form.presence = request.form(payloads)
        case .presenceStats(let request): form.presenceStats = request.form(payloads)
        case .history(let request): form.history = request.form(payloads)
        case .ping: form.ping = ProtoPingRequest()
        case .send(let request): form.send = request.form(payloads)
        case .rpc(let request): form.rpc = request.form(payloads)
        case .refresh(let request): form.refresh = request.form(payloads)
        case .subRefresh(let request): form.subRefresh = request.form(payloads)
        case .pong: break
        }
        return form
    }
}
