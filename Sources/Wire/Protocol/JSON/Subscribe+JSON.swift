extension SubscribeRequest: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(
            channel: try object.string("channel"),
            token: try object.string("token"),
            recover: try object.bool("recover"),
            epoch: try object.string("epoch"),
            offset: try object.integer("offset"),
            data: object.raw("data"),
            positioned: try object.bool("positioned"),
            recoverable: try object.bool("recoverable"),
            joinLeave: try object.bool("join_leave"),
            delta: try object.string("delta"),
            filter: try object.read("tf"),
            flag: try object.integer("flag")
        )
        try filter?.checkBounds()
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.optional("channel", channel)
            bytes.optional("token", token)
            bytes.optional("recover", recover)
            bytes.optional("epoch", epoch)
            bytes.optional("offset", offset)
            bytes.optional("data", data)
            bytes.optional("positioned", positioned)
            bytes.optional("recoverable", recoverable)
            bytes.optional("join_leave", joinLeave)
            bytes.optional("delta", delta)
            bytes.optional("tf", filter)
            bytes.optional("flag", flag)
        }
    }
}

extension SubscribeResult: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(
            expires: try object.bool("expires"),
            ttl: try object.integer("ttl"),
            recoverable: try object.bool("recoverable"),
            epoch: try object.string("epoch"),
            publications: try object.array("publications"),
            recovered: try object.bool("recovered"),
            offset: try object.integer("offset"),
            positioned: try object.bool("positioned"),
            data: object.raw("data"),
            wasRecovering: try object.bool("was_recovering"),
            delta: try object.bool("delta")
        )
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.expiry(expires, ttl)
            bytes.position(recoverable: recoverable, positioned: positioned, epoch: epoch, offset: offset)
            bytes.optional("recovered", recovered)
            bytes.optional("was_recovering", wasRecovering)
            bytes.optional("publications", publications)
            bytes.optional("data", data)
            bytes.optional("delta", delta)
        }
    }
}

extension SubscribePush: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(
            recoverable: try object.bool("recoverable"),
            epoch: try object.string("epoch"),
            offset: try object.integer("offset"),
            positioned: try object.bool("positioned"),
            data: object.raw("data")
        )
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.position(recoverable: recoverable, positioned: positioned, epoch: epoch, offset: offset)
            bytes.optional("data", data)
        }
    }
}

extension UnsubscribeRequest: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        self.init(channel: try element.object().string("channel"))
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { $0.optional("channel", channel) }
    }
}

extension Unsubscription: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(code: try object.integer("code"), reason: try object.string("reason"))
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.member("code", code)
            bytes.member("reason", reason)
        }
    }
}
