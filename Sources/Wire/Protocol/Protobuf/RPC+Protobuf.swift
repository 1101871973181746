extension RPCRequest: ProtobufMapped {
    init(_ form: ProtoRPCRequest, _ payloads: PayloadBytes) throws(FrameError) {
        self.init(method: form.method, data: try payloads.read(form.data))
    }

    func form(_ payloads: PayloadBytes) -> ProtoRPCRequest {
        var form = ProtoRPCRequest()
        form.method = method
        form.data = payloads.write(data)
        return form
    }
}

extension RPCResult: ProtobufMapped {
    init(_ form: ProtoRPCResult, _ payloads: PayloadBytes) throws(FrameError) { self.init(data: try payloads.read(form.data)) }

    func form(_ payloads: PayloadBytes) -> ProtoRPCResult {
        var form = ProtoRPCResult()
        form.data = payloads.write(data)
        return form
    }
}

extension SendRequest: ProtobufMapped {
    init(_ form: ProtoSendRequest, _ payloads: PayloadBytes) throws(FrameError) { self.init(data: try payloads.read(form.data)) }

    func form(_ payloads: PayloadBytes) -> ProtoSendRequest {
        var form = ProtoSendRequest()
        form.data = payloads.write(data)
        return form
    }
}
