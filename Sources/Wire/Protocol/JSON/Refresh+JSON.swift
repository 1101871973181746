extension RefreshRequest: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        self.init(token: try element.object().string("token"))
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { $0.optional("token", token) }
    }
}

extension RefreshResult: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(
            client: try object.string("client"),
            version: try object.string("version"),
            expires: try object.bool("expires"),
            ttl: try object.integer("ttl")
        )
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.member("client", client)
            bytes.optional("version", version)
            bytes.expiry(expires, ttl)
        }
    }
}

extension RefreshPush: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(expires: try object.bool("expires"), ttl: try object.integer("ttl"))
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { $0.expiry(expires, ttl) }
    }
}

extension SubRefreshRequest: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(channel: try object.string("channel"), token: try object.string("token"))
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.optional("channel", channel)
            bytes.optional("token", token)
        }
    }
}

extension SubRefreshResult: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(expires: try object.bool("expires"), ttl: try object.integer("ttl"))
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { $0.expiry(expires, ttl) }
    }
}
