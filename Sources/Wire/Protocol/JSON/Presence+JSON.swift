extension ClientInfo: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(
            user: try object.string("user"),
            client: try object.string("client"),
            connInfo: object.raw("conn_info"),
            chanInfo: object.raw("chan_info")
        )
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.member("user", user)
            bytes.member("client", client)
            bytes.optional("conn_info", connInfo)
            bytes.optional("chan_info", chanInfo)
        }
    }
}

extension PresenceRequest: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        self.init(channel: try element.object().string("channel"))
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { $0.optional("channel", channel) }
    }
}

extension PresenceResult: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        self.init(presence: try element.object().dictionary("presence"))
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { $0.member("presence", presence) }
    }
}

extension PresenceStatsRequest: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        self.init(channel: try element.object().string("channel"))
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { $0.optional("channel", channel) }
    }
}

extension PresenceStatsResult: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(clientCount: try object.integer("num_clients"), userCount: try object.integer("num_users"))
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.member("num_clients", clientCount)
            bytes.member("num_users", userCount)
        }
    }
}
