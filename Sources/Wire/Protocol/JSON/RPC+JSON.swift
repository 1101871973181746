extension RPCRequest: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(method: try object.string("method"), data: object.raw("data"))
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.optional("method", method)
            bytes.optional("data", data)
        }
    }
}

extension RPCResult: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        self.init(data: try element.object().raw("data"))
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { $0.optional("data", data) }
    }
}

extension SendRequest: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) {
        self.init(data: try element.object().raw("data"))
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { $0.optional("data", data) }
    }
}
