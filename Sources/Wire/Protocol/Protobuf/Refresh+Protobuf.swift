extension RefreshRequest: ProtobufMapped {
    init(_ form: ProtoRefreshRequest, _ payloads: PayloadBytes) { self.init(token: form.token) }

    func form(_ payloads: PayloadBytes) -> ProtoRefreshRequest {
        var form = ProtoRefreshRequest()
        form.token = token
        return form
    }
}

extension RefreshResult: ProtobufMapped {
    init(_ form: ProtoRefreshResult, _ payloads: PayloadBytes) {
        self.init(client: form.client, version: form.version, expires: form.expires, ttl: form.ttl)
    }

    func form(_ payloads: PayloadBytes) -> ProtoRefreshResult {
        var form = ProtoRefreshResult()
        form.client = client
        form.version = version
        form.expires = expires
        form.ttl = ttl
        return form
    }
}

extension RefreshPush: ProtobufMapped {
    init(_ form: ProtoRefresh, _ payloads: PayloadBytes) { self.init(expires: form.expires, ttl: form.ttl) }

    func form(_ payloads: PayloadBytes) -> ProtoRefresh {
        var form = ProtoRefresh()
        form.expires = expires
        form.ttl = ttl
        return form
    }
}

extension SubRefreshRequest: ProtobufMapped {
    init(_ form: ProtoSubRefreshRequest, _ payloads: PayloadBytes) { self.init(channel: form.channel, token: form.token) }

    func form(_ payloads: PayloadBytes) -> ProtoSubRefreshRequest {
        var form = ProtoSubRefreshRequest()
        form.channel = channel
        form.token = token
        return form
    }
}

extension SubRefreshResult: ProtobufMapped {
    init(_ form: ProtoSubRefreshResult, _ payloads: PayloadBytes) { self.init(expires: form.expires, ttl: form.ttl) }

    func form(_ payloads: PayloadBytes) -> ProtoSubRefreshResult {
        var form = ProtoSubRefreshResult()
        form.expires = expires
        form.ttl = ttl
        return form
    }
}
