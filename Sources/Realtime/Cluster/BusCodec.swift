import Core
import NIOCore
import Wire

/// The binary form of a ``BusMessage``: a version, the sender, then what it says; every text and list has its length in front.
///
/// Nodes of two releases share a bus while one replaces the other: a message of a version that a node does not know counts as malformed and
/// is left to the log.
enum BusCodec {
    static let version: UInt8 = 1

    private enum Kind {
        static let news: UInt8 = 1
        static let commands: UInt8 = 2
    }

    private enum Form {
        static let committed: UInt8 = 1
        static let publication: UInt8 = 2
        static let joined: UInt8 = 3
        static let left: UInt8 = 4
        static let moved: UInt8 = 5
    }

    /// What is no message.
    struct Malformed: Error {}

    static func encode(_ message: BusMessage) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(version)
        buffer.writeText(message.node)
        switch message.body {
        case .news(let news):
            buffer.writeInteger(Kind.news)
            for one in news { write(one, to: &buffer) }
        case .commands(let commands, let session):
            buffer.writeInteger(Kind.commands)
            buffer.writeText(session)
            buffer.writeBlock(commands)
        }
        return buffer
    }

    /// - Throws: ``Malformed``.
    static func decode(_ bytes: ByteBuffer) throws(Malformed) -> BusMessage {
        var buffer = bytes
        guard try buffer.readByte() == version else { throw Malformed() }
        let node = try buffer.readText()
        let body: BusMessage.Body
        switch try buffer.readByte() {
        case Kind.news:
            var news: [BusNews] = []
            while buffer.readableBytes > 0 { news.append(try readNews(from: &buffer)) }
            body = .news(news)
        case Kind.commands:
            let session = try buffer.readText()
            body = .commands(try buffer.readBlock(), session: session)
        default: throw Malformed()
        }
        guard buffer.readableBytes == 0 else { throw Malformed() }
        return BusMessage(node: node, body: body)
    }

    private static func write(_ news: BusNews, to buffer: inout ByteBuffer) {
        switch news {
        case .committed(let event):
            buffer.writeInteger(Form.committed)
            buffer.writeText(event.channel)
            buffer.writeText(event.position.epoch)
            buffer.writeInteger(event.position.offset)
            write(data: event.data, event.tags, event.info, to: &buffer)
        case .moved(let channel):
            buffer.writeInteger(Form.moved)
            buffer.writeText(channel)
        case .publication(let publication, let channel):
            buffer.writeInteger(Form.publication)
            buffer.writeText(channel)
            write(data: publication.data, publication.tags, publication.info, to: &buffer)
        case .joined(let info, let channel):
            buffer.writeInteger(Form.joined)
            buffer.writeText(channel)
            buffer.writeClient(info)
        case .left(let info, let channel):
            buffer.writeInteger(Form.left)
            buffer.writeText(channel)
            buffer.writeClient(info)
        }
    }

    private static func write(data: RawJSON, _ tags: [String: String], _ info: ClientInfo?, to buffer: inout ByteBuffer) {
        buffer.writeBlock(data.bytes)
        buffer.writeInteger(UInt32(clamping: tags.count))
        for (name, value) in tags {
            buffer.writeText(name)
            buffer.writeText(value)
        }
        buffer.writeOptional(info) { $0.writeClient($1) }
    }

    private static func readNews(from buffer: inout ByteBuffer) throws(Malformed) -> BusNews {
        let form = try buffer.readByte()
        let channel = try buffer.readText()
        switch form {
        case Form.committed:
            let epoch = try buffer.readText()
            guard let offset = buffer.readInteger(as: UInt64.self), offset > 0 else { throw Malformed() }
            let (data, tags, info) = try readContent(from: &buffer)
            let position = StreamPosition(epoch: epoch, offset: offset)
            return .committed(CommittedEvent(channel: channel, position: position, data: data, tags: tags, info: info))
        case Form.moved: return .moved(channel: channel)
        case Form.publication:
            let (data, tags, info) = try readContent(from: &buffer)
            return .publication(Publication(data: data, info: info, tags: tags), channel: channel)
        case Form.joined: return .joined(try buffer.readClient(), channel: channel)
        case Form.left: return .left(try buffer.readClient(), channel: channel)
        default: throw Malformed()
        }
    }

    private static func readContent(
        from buffer: inout ByteBuffer
    ) throws(Malformed) -> (data: RawJSON, tags: [String: String], info: ClientInfo?) {
        let data = try buffer.readJSON()
        guard let count = buffer.readInteger(as: UInt32.self) else { throw Malformed() }
        var tags: [String: String] = [:]
        // Each takes eight bytes at least, so a number that lies runs into the end soon.
        for _ in 0..<count { tags[try buffer.readText()] = try buffer.readText() }
        let info = try buffer.readOptional { buffer throws(Malformed) in try buffer.readClient() }
        return (data, tags, info)
    }
}
