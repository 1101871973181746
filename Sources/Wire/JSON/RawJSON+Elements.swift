extension RawJSON {
    /// The elements of an array, each as it stands; nil for anything but an array.
    public var elements: [RawJSON]? {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        let element = try? JSONElement(parsing: bytes, bytes.indices)
        return (try? element?.array(of: Item.self))?.map(\.value)
    }

    private struct Item: JSONReadable {
        let value: RawJSON

        init(_ element: JSONElement) { value = element.raw }
    }
}
