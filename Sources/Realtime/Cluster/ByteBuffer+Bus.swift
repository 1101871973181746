import NIOCore
import Wire

/// The parts that messages of the bus are made of.
extension ByteBuffer {
    mutating func writeBlock(_ bytes: [UInt8]) {
        writeInteger(UInt32(clamping: bytes.count))
        writeBytes(bytes)
    }

    mutating func writeText(_ text: String) {
        writeInteger(UInt32(clamping: text.utf8.count))
        writeString(text)
    }

    mutating func writeOptional<Value>(_ value: Value?, _ write: (inout ByteBuffer, Value) -> Void) {
        writeInteger(UInt8(value == nil ? 0 : 1))
        if let value { write(&self, value) }
    }

    mutating func writeClient(_ info: ClientInfo) {
        writeText(info.user)
        writeText(info.client)
        writeOptional(info.connInfo) { $0.writeBlock($1.bytes) }
        writeOptional(info.chanInfo) { $0.writeBlock($1.bytes) }
    }

    mutating func readByte() throws(BusCodec.Malformed) -> UInt8 {
        guard let byte = readInteger(as: UInt8.self) else { throw BusCodec.Malformed() }
        return byte
    }

    mutating func readBlock() throws(BusCodec.Malformed) -> [UInt8] {
        guard let count = readInteger(as: UInt32.self), let bytes = readBytes(length: Int(count)) else { throw BusCodec.Malformed() }
        return bytes
    }

    mutating func readText() throws(BusCodec.Malformed) -> String {
        guard let text = String(validating: try readBlock(), as: UTF8.self) else { throw BusCodec.Malformed() }
        return text
    }

    /// Whoever reaches the bus can say anything, but nothing that breaks the frames of those who watch.
    mutating func readJSON() throws(BusCodec.Malformed) -> RawJSON {
        guard let json = RawJSON(validating: try readBlock()) else { throw BusCodec.Malformed() }
        return json
    }

    mutating func readOptional<Value>(
        _ read: (inout ByteBuffer) throws(BusCodec.Malformed) -> Value
    ) throws(BusCodec.Malformed) -> Value? {
        switch try readByte() {
        case 0: return nil
        case 1: return try read(&self)
        default: throw BusCodec.Malformed()
        }
    }

    mutating func readClient() throws(BusCodec.Malformed) -> ClientInfo {
        let user = try readText()
        let client = try readText()
        let connInfo = try readOptional { buffer throws(BusCodec.Malformed) in try buffer.readJSON() }
        let chanInfo = try readOptional { buffer throws(BusCodec.Malformed) in try buffer.readJSON() }
        return ClientInfo(user: user, client: client, connInfo: connInfo, chanInfo: chanInfo)
    }
}
