extension StreamPosition: ProtobufMapped {
    init(_ form: ProtoStreamPosition, _ payloads: PayloadBytes) { self.init(epoch: form.epoch, offset: form.offset) }

    func form(_ payloads: PayloadBytes) -> ProtoStreamPosition {
        var form = ProtoStreamPosition()
        form.offset = offset
        form.epoch = epoch
        return form
    }
}

extension HistoryRequest: ProtobufMapped {
    init(_ form: ProtoHistoryRequest, _ payloads: PayloadBytes) {
        self.init(
            channel: form.channel,
            limit: Int(form.limit),
            since: form.hasSince ? StreamPosition(form.since, payloads) : nil,
            reverse: form.reverse
        )
    }

    func form(_ payloads: PayloadBytes) -> ProtoHistoryRequest {
        var form = ProtoHistoryRequest()
        form.channel = channel
        form.limit = Int32(clamping: limit)
        if let since { form.since = since.form(payloads) }
        form.reverse = reverse
        return form
    }
}

extension HistoryResult: ProtobufMapped {
    init(_ form: ProtoHistoryResult, _ payloads: PayloadBytes) throws(FrameError) {
        self.init(publications: try readElements(form.publications, payloads), epoch: form.epoch, offset: form.offset)
    }

    func form(_ payloads: PayloadBytes) -> ProtoHistoryResult {
        var form = ProtoHistoryResult()
        form.publications = publications.map { $0.form(payloads) }
        form.epoch = epoch
        form.offset = offset
        return form
    }
}
