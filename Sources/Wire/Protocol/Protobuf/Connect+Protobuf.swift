extension ConnectRequest: ProtobufMapped {
    init(_ form: ProtoConnectRequest, _ payloads: PayloadBytes) throws(FrameError) {
        self.init(
            token: form.token,
            data: try payloads.read(form.data),
            subs: try readEntries(form.subs, payloads),
            name: form.name,
            version: form.version,
            headers: try readEntries(form.headers)
        )
    }

    func form(_ payloads: PayloadBytes) -> ProtoConnectRequest {
        var form = ProtoConnectRequest()
        form.token = token
        form.data = payloads.write(data)
        form.subs = subs.mapValues { $0.form(payloads) }
        form.name = name
        form.version = version
        form.headers = headers
        return form
    }
}

extension ConnectResult: ProtobufMapped {
    init(_ form: ProtoConnectResult, _ payloads: PayloadBytes) throws(FrameError) {
        self.init(
            client: form.client,
            version: form.version,
            expires: form.expires,
            ttl: form.ttl,
            data: try payloads.read(form.data),
            subs: try readEntries(form.subs, payloads),
            ping: form.ping,
            pong: form.pong,
            session: form.session,
            node: form.node,
            time: form.time == 0 ? nil : form.time
        )
    }

    func form(_ payloads: PayloadBytes) -> ProtoConnectResult {
        var form = ProtoConnectResult()
        form.client = client
        form.version = version
        form.expires = expires
        form.ttl = ttl
        form.data = payloads.write(data)
        form.subs = subs.mapValues { $0.form(payloads) }
        form.ping = ping
        form.pong = pong
        form.session = session
        form.node = node
        form.time = time ?? 0
        return form
    }
}

extension ConnectResult {
    /// From the push of a unidirectional connection, which says the same under other numbers.
    init(_ form: ProtoConnect, _ payloads: PayloadBytes) throws(FrameError) {
        self.init(
            client: form.client,
            version: form.version,
            expires: form.expires,
            ttl: form.ttl,
            data: try payloads.read(form.data),
            subs: try readEntries(form.subs, payloads),
            ping: form.ping,
            pong: form.pong,
            session: form.session,
            node: form.node,
            time: form.time == 0 ? nil : form.time
        )
    }

    func pushForm(_ payloads: PayloadBytes) -> ProtoConnect {
        var form = ProtoConnect()
        form.client = client
        form.version = version
        form.expires = expires
        form.ttl = ttl
        form.data = payloads.write(data)
        form.subs = subs.mapValues { $0.form(payloads) }
        form.ping = ping
        form.pong = pong
        form.session = session
        form.node = node
        form.time = time ?? 0
        return form
    }
}
