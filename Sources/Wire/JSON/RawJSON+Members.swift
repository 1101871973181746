extension RawJSON {
    /// The members of an object, each as it stands; nil for anything but an object, for a name that occurs twice, and for bytes that are
    /// no JSON at all, as a client may send them in Protobuf.
    public var members: [String: RawJSON]? {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        let element = try? JSONElement(parsing: bytes, bytes.indices)
        return (try? element?.dictionary(of: Member.self))?.mapValues(\.value)
    }

    private struct Member: JSONReadable {
        let value: RawJSON

        init(_ element: JSONElement) { value = element.raw }
    }
}
