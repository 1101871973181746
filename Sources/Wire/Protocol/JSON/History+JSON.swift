extension StreamPosition: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(epoch: try object.string("epoch"), offset: try object.integer("offset"))
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.optional("offset", offset)
            bytes.optional("epoch", epoch)
        }
    }
}

extension HistoryRequest: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(
            channel: try object.string("channel"),
            limit: Int(try object.integer("limit", Int32.self)),
            since: try object.read("since"),
            reverse: try object.bool("reverse")
        )
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.optional("channel", channel)
            bytes.optional("limit", limit)
            bytes.optional("since", since)
            bytes.optional("reverse", reverse)
        }
    }
}

extension HistoryResult: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(publications: try object.array("publications"), epoch: try object.string("epoch"), offset: try object.integer("offset"))
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.member("publications", publications)
            bytes.optional("epoch", epoch)
            bytes.member("offset", offset)
        }
    }
}
