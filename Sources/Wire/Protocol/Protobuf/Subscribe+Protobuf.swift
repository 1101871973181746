extension SubscribeRequest: ProtobufMapped {
    init(_ form: ProtoSubscribeRequest, _ payloads: PayloadBytes) throws(FrameError) {
        self.init(
            channel: form.channel,
            token: form.token,
            recover: form.recover,
            epoch: form.epoch,
            offset: form.offset,
            data: try payloads.read(form.data),
            positioned: form.positioned,
            recoverable: form.recoverable,
            joinLeave: form.joinLeave,
            delta: form.delta,
            filter: form.hasTf ? try FilterNode(form.tf, payloads) : nil,
            flag: form.flag
        )
        try filter?.checkBounds()
    }

    func form(_ payloads: PayloadBytes) -> ProtoSubscribeRequest {
        var form = ProtoSubscribeRequest()
        form.channel = channel
        form.token = token
        form.recover = recover
        form.epoch = epoch
        form.offset = offset
        form.data = payloads.write(data)
        form.positioned = positioned
        form.recoverable = recoverable
        form.joinLeave = joinLeave
        form.delta = delta
        if let filter { form.tf = filter.form(payloads) }
        form.flag = flag
        return form
    }
}

extension FilterNode: ProtobufMapped {
    // Recursion ends with the nesting that the decoder has allowed.
    init(_ form: ProtoFilterNode, _ payloads: PayloadBytes) throws(FrameError) {
        self.init(
            op: form.op, key: form.key, cmp: form.cmp, val: form.val, vals: form.vals, nodes: try readElements(form.nodes, payloads)
        )
    }

    func form(_ payloads: PayloadBytes) -> ProtoFilterNode {
        var form = ProtoFilterNode()
        form.op = op
        form.key = key
        form.cmp = cmp
        form.val = val
        form.vals = vals
        form.nodes = nodes.map { $0.form(payloads) }
        return form
    }
}

extension SubscribeResult: ProtobufMapped {
    init(_ form: ProtoSubscribeResult, _ payloads: PayloadBytes) throws(FrameError) {
        self.init(
            expires: form.expires,
            ttl: form.ttl,
            recoverable: form.recoverable,
            epoch: form.epoch,
            publications: try readElements(form.publications, payloads),
            recovered: form.recovered,
            offset: form.offset,
            positioned: form.positioned,
            data: try payloads.read(form.data),
            wasRecovering: form.wasRecovering,
            delta: form.delta
        )
    }

    func form(_ payloads: PayloadBytes) -> ProtoSubscribeResult {
        var form = ProtoSubscribeResult()
        form.expires = expires
        form.ttl = ttl
        form.recoverable = recoverable
        form.epoch = epoch
        form.publications = publications.map { $0.form(payloads) }
        form.recovered = recovered
        form.offset = offset
        form.positioned = positioned
        form.data = payloads.write(data)
        form.wasRecovering = wasRecovering
        form.delta = delta
        return form
    }
}

extension SubscribePush: ProtobufMapped {
    init(_ form: ProtoSubscribe, _ payloads: PayloadBytes) throws(FrameError) {
        self.init(
            recoverable: form.recoverable,
            epoch: form.epoch,
            offset: form.offset,
            positioned: form.positioned,
            data: try payloads.read(form.data)
        )
    }

    func form(_ payloads: PayloadBytes) -> ProtoSubscribe {
        var form = ProtoSubscribe()
        form.recoverable = recoverable
        form.epoch = epoch
        form.offset = offset
        form.positioned = positioned
        form.data = payloads.write(data)
        return form
    }
}

extension UnsubscribeRequest: ProtobufMapped {
    init(_ form: ProtoUnsubscribeRequest, _ payloads: PayloadBytes) { self.init(channel: form.channel) }

    func form(_ payloads: PayloadBytes) -> ProtoUnsubscribeRequest {
        var form = ProtoUnsubscribeRequest()
        form.channel = channel
        return form
    }
}

extension Unsubscription: ProtobufMapped {
    init(_ form: ProtoUnsubscribe, _ payloads: PayloadBytes) { self.init(code: form.code, reason: form.reason) }

    func form(_ payloads: PayloadBytes) -> ProtoUnsubscribe {
        var form = ProtoUnsubscribe()
        form.code = code
        form.reason = reason
        return form
    }
}
