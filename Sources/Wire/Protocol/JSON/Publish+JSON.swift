extension PublishRequest: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(channel: try object.string("channel"), data: object.raw("data"))
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.optional("channel", channel)
            bytes.optional("data", data)
        }
    }
}

extension Publication: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        guard let data = object.raw("data") else { throw .malformed }
        self.init(
            data: data,
            info: try object.read("info"),
            offset: try object.integer("offset"),
            tags: try object.dictionary("tags"),
            delta: try object.bool("delta"),
            time: try object.value("time")?.integer(),
            channel: try object.string("channel")
        )
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.member("data", data)
            bytes.optional("offset", offset)
            bytes.optional("info", info)
            bytes.optional("tags", tags)
            bytes.optional("delta", delta)
            if let time { bytes.member("time", time) }
            bytes.optional("channel", channel)
        }
    }
}
