extension FilterNode: JSONReadable, JSONWritable {
    // Recursion ends with the nesting that the scanner has allowed.
    init(_ element: JSONElement) throws(FrameError) {
        let object = try element.object()
        self.init(
            op: try object.string("op"),
            key: try object.string("key"),
            cmp: try object.string("cmp"),
            val: try object.string("val"),
            vals: try object.array("vals"),
            nodes: try object.array("nodes")
        )
    }

    func write(to bytes: inout [UInt8]) {
        bytes.object { bytes in
            bytes.optional("op", op)
            bytes.optional("key", key)
            bytes.optional("cmp", cmp)
            bytes.optional("val", val)
            bytes.optional("vals", vals)
            bytes.optional("nodes", nodes)
        }
    }
}
