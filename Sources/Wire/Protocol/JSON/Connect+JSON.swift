extension ConnectRequest: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(
            token: try object.string("token"),
            data: object.raw("data"),
            subs: try object.dictionary("subs"),
            name: try object.string("name"),
            version: try object.string("version"),
            headers: try object.dictionary("headers")
        )
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.optional("token", token)
            bytes.optional("data", data)
            bytes.optional("subs", subs)
            bytes.optional("name", name)
            bytes.optional("version", version)
            bytes.optional("headers", headers)
        }
    }
}

extension ConnectResult: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(
            client: try object.string("client"),
            version: try object.string("version"),
            expires: try object.bool("expires"),
            ttl: try object.integer("ttl"),
            data: object.raw("data"),
            subs: try object.dictionary("subs"),
            ping: try object.integer("ping"),
            pong: try object.bool("pong"),
            session: try object.string("session"),
            node: try object.string("node"),
            time: try object.value("time")?.integer()
        )
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.member("client", client)
            bytes.optional("version", version)
            bytes.expiry(expires, ttl)
            bytes.optional("data", data)
            bytes.optional("subs", subs)
            bytes.optional("ping", ping)
            bytes.optional("pong", pong)
            bytes.optional("session", session)
            bytes.optional("node", node)
            if let time { bytes.member("time", time) }
        }
    }
}
