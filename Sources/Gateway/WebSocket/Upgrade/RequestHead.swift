import NIOCore
import NIOHTTP1

/// Finds the first request head in raw bytes, and reads it only when it might ask for an upgrade.
enum RequestHead {
    /// Where the head ends: behind its first empty line. Nil when it is not complete.
    ///
    /// - Parameter start: Where to begin, to look at no byte twice.
    static func end(in bytes: ByteBufferView, from start: Int) -> Int? {
        var index = max(start, bytes.startIndex)
        while let lineFeed = bytes[index...].firstIndex(of: UInt8(ascii: "\n")) {
            index = lineFeed + 1
            guard index < bytes.endIndex else { return nil }
            if bytes[index] == UInt8(ascii: "\n") {
                return index + 1
            }
            guard index + 1 < bytes.endIndex else { return nil }
            if bytes[index] == UInt8(ascii: "\r"), bytes[index + 1] == UInt8(ascii: "\n") {
                return index + 2
            }
        }
        return nil
    }

    /// Whether a line of the head begins with `Upgrade:`. Most do not, and need not be read twice.
    static func mentionsUpgrade(_ head: ByteBufferView) -> Bool {
        let name = Array("upgrade:".utf8)
        var rest = head[...]
        while let lineFeed = rest.firstIndex(of: UInt8(ascii: "\n")) {
            rest = rest[(lineFeed + 1)...]
            if rest.prefix(name.count).elementsEqual(name, by: { $0 | 0x20 == $1 | 0x20 }) {
                return true
            }
        }
        return false
    }

    /// Whether the target begins with `path`, as far as the first line of a head tells without being read.
    static func asks(for path: String, _ head: ByteBufferView) -> Bool {
        guard let space = head.prefix(methodBytesMax).firstIndex(of: UInt8(ascii: " ")) else { return false }
        return head[(space + 1)...].starts(with: path.utf8)
    }

    /// Where to look for the end of the method.
    private static let methodBytesMax = 8

    /// Reads a whole head with NIO's own parser, the same that Hummingbird uses: two parsers would not always agree.
    ///
    /// - Parameters:
    ///   - bytes: The head and nothing behind it.
    ///   - context: Of the channel's last handler.
    /// - Throws: What the parser throws at a malformed head.
    static func read(_ bytes: ByteBuffer, in context: ChannelHandlerContext) throws -> HTTPRequestHead? {
        let collector = Collector()
        try context.pipeline.syncOperations.addHandler(collector)
        let decoder = HTTPRequestDecoder()
        decoder.decoderAdded(context: context)
        defer {
            decoder.decoderRemoved(context: context)
            context.pipeline.syncOperations.removeHandler(collector, promise: nil)
        }
        var buffer = bytes
        _ = try decoder.decode(context: context, buffer: &buffer)
        return collector.head
    }

    /// Takes what the parser fires down the pipeline.
    private final class Collector: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = HTTPServerRequestPart

        private(set) var head: HTTPRequestHead?

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if case .head(let head) = unwrapInboundIn(data) {
                self.head = head
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            head = nil
        }
    }
}
