/// A part of a message that is read from JSON.
protocol JSONReadable {
    init(_ element: JSONElement) throws(FrameError)
}

/// A part of a message that is written as JSON.
protocol JSONWritable {
    func write(to bytes: inout [UInt8])
}

/// One of several things that an object can hold, told apart by the member's name.
protocol JSONAlternative {
    /// Nil when no alternative has that name.
    init?(_ name: String, _ element: JSONElement) throws(FrameError)
}

/// An object whose members, if any, mean nothing.
struct JSONEmpty: JSONReadable, JSONWritable {
    init() {}
    init(_ element: JSONElement) throws(FrameError) { _ = try element.object() }
    func write(to bytes: inout [UInt8]) { bytes.append(contentsOf: "{}".utf8) }
}

extension String: JSONReadable, JSONWritable {
    init(_ element: JSONElement) throws(FrameError) { self = try element.string() }
    func write(to bytes: inout [UInt8]) { bytes.appendJSON(self) }
}

extension RawJSON: JSONWritable {
    func write(to bytes: inout [UInt8]) { bytes.append(contentsOf: self.bytes) }
}
