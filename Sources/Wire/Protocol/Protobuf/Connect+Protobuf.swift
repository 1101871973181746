import Foundation

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

/// What the reply to a connect command says, and the push of a unidirectional connection: the same under other numbers.
protocol ProtoConnected {
    init()
    var client: String { get set }
    var version: String { get set }
    var expires: Bool { get set }
    var ttl: UInt32 { get set }
    var data: Data { get set }
    var subs: [String: ProtoSubscribeResult] { get set }
    var ping: UInt32 { get set }
    var pong: Bool { get set }
    var session: String { get set }
    var node: String { get set }
    var time: Int64 { get set }
}

extension ProtoConnectResult: ProtoConnected {}
extension ProtoConnect: ProtoConnected {}

extension ConnectResult {
    init(_ form: some ProtoConnected, _ payloads: PayloadBytes) throws(FrameError) {
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

    func form<Form: ProtoConnected>(_ payloads: PayloadBytes, as _: Form.Type = Form.self) -> Form {
        var form = Form()
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
