import Foundation

/// The rule for payloads of the Protobuf form, whose `bytes` can hold anything while every payload of Ringside is JSON text.
///
/// The text travels as it is, checked when it comes from a client. Bytes that are no JSON are refused, or, where the server carries what it
/// does not understand, become a JSON string that holds a `data:` URL (RFC 2397). In that form they are stored, logged and sent to JSON
/// clients, whose frames they cannot break; towards a Protobuf client they turn into the very bytes again.
struct PayloadBytes: Sendable {
    let carriesBytes: Bool

    private static let head = Array(#""data:application/octet-stream;base64,"#.utf8)

    /// What a client sent; nil for nothing.
    ///
    /// - Throws: ``FrameError/malformed`` for bytes that are no JSON and may not be carried.
    func read(_ bytes: Data) throws(FrameError) -> RawJSON? {
        guard !bytes.isEmpty else { return nil }
        if let json = RawJSON(validating: Array(bytes)) { return json }
        guard carriesBytes else { throw .malformed }
        return RawJSON(bytes: Self.head + bytes.base64EncodedString().utf8 + [UInt8(ascii: "\"")])
    }

    func write(_ payload: RawJSON?) -> Data { Data(payload.map { text(of: $0) } ?? []) }

    /// What a client sees of the payload.
    func text(of payload: RawJSON) -> [UInt8] {
        guard carriesBytes, payload.bytes.starts(with: Self.head),
            let bytes = Data(base64Encoded: Data(payload.bytes[Self.head.count...].dropLast())),
            // Whoever writes such a URL by hand keeps it, unless it is the one that those bytes would have become.
            !bytes.isEmpty, RawJSON(validating: Array(bytes)) == nil
        else { return payload.bytes }
        return Array(bytes)
    }
}
