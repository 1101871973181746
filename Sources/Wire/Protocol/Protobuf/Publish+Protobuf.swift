extension PublishRequest: ProtobufMapped {
    init(_ form: ProtoPublishRequest, _ payloads: PayloadBytes) throws(FrameError) {
        self.init(channel: form.channel, data: try payloads.read(form.data))
    }

    func form(_ payloads: PayloadBytes) -> ProtoPublishRequest {
        var form = ProtoPublishRequest()
        form.channel = channel
        form.data = payloads.write(data)
        return form
    }
}

extension Publication: ProtobufMapped {
    init(_ form: ProtoPublication, _ payloads: PayloadBytes) throws(FrameError) {
        // A delta is no JSON; who asked for it knows what to do with it.
        guard let data = form.delta ? RawJSON(bytes: Array(form.data)) : try payloads.read(form.data) else { throw .malformed }
        self.init(
            data: data,
            info: form.hasInfo ? try ClientInfo(form.info, payloads) : nil,
            offset: form.offset,
            tags: try readEntries(form.tags),
            delta: form.delta,
            time: form.time == 0 ? nil : form.time,
            channel: form.channel
        )
    }

    func form(_ payloads: PayloadBytes) -> ProtoPublication {
        var form = ProtoPublication()
        form.data = payloads.write(data)
        if let info { form.info = info.form(payloads) }
        form.offset = offset
        form.tags = tags
        form.delta = delta
        form.time = time ?? 0
        form.channel = channel
        return form
    }
}
