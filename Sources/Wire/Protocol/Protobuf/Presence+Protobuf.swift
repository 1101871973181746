extension ClientInfo: ProtobufMapped {
    init(_ form: ProtoClientInfo, _ payloads: PayloadBytes) throws(FrameError) {
        self.init(
            user: form.user,
            client: form.client,
            connInfo: try payloads.read(form.connInfo),
            chanInfo: try payloads.read(form.chanInfo)
        )
    }

    func form(_ payloads: PayloadBytes) -> ProtoClientInfo {
        var form = ProtoClientInfo()
        form.user = user
        form.client = client
        form.connInfo = payloads.write(connInfo)
        form.chanInfo = payloads.write(chanInfo)
        return form
    }
}

extension PresenceRequest: ProtobufMapped {
    init(_ form: ProtoPresenceRequest, _ payloads: PayloadBytes) { self.init(channel: form.channel) }

    func form(_ payloads: PayloadBytes) -> ProtoPresenceRequest {
        var form = ProtoPresenceRequest()
        form.channel = channel
        return form
    }
}

extension PresenceResult: ProtobufMapped {
    init(_ form: ProtoPresenceResult, _ payloads: PayloadBytes) throws(FrameError) {
        self.init(presence: try readEntries(form.presence, payloads))
    }

    func form(_ payloads: PayloadBytes) -> ProtoPresenceResult {
        var form = ProtoPresenceResult()
        form.presence = presence.mapValues { $0.form(payloads) }
        return form
    }
}

extension PresenceStatsRequest: ProtobufMapped {
    init(_ form: ProtoPresenceStatsRequest, _ payloads: PayloadBytes) { self.init(channel: form.channel) }

    func form(_ payloads: PayloadBytes) -> ProtoPresenceStatsRequest {
        var form = ProtoPresenceStatsRequest()
        form.channel = channel
        return form
    }
}

extension PresenceStatsResult: ProtobufMapped {
    init(_ form: ProtoPresenceStatsResult, _ payloads: PayloadBytes) {
        self.init(clientCount: form.numClients, userCount: form.numUsers)
    }

    func form(_ payloads: PayloadBytes) -> ProtoPresenceStatsResult {
        var form = ProtoPresenceStatsResult()
        form.numClients = clientCount
        form.numUsers = userCount
        return form
    }
}
