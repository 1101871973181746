import NIOCore

/// A command of Redis, or several of which each is answered, in the form in which they go over the wire.
struct RedisCommand: Sendable {
    private(set) var bytes: [UInt8] = []
    /// How many answers there will be.
    private(set) var count = 0

    init() {}

    init(_ words: Word...) { append(words) }

    init(words: [Word]) { append(words) }

    /// A part of a command: texts and numbers stand for themselves.
    enum Word: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
        case text(String)
        case buffer(ByteBuffer)

        init(stringLiteral text: String) { self = .text(text) }
    }

    mutating func append(_ words: [Word]) {
        count += 1
        head("*", words.count)
        for word in words {
            switch word {
            case .text(let text):
                head("$", text.utf8.count)
                bytes += text.utf8
            case .buffer(let buffer):
                head("$", buffer.readableBytes)
                bytes += buffer.readableBytesView
            }
            bytes += Self.lineEnd
        }
    }

    private static let lineEnd: [UInt8] = [UInt8(ascii: "\r"), UInt8(ascii: "\n")]

    private mutating func head(_ mark: Unicode.Scalar, _ number: Int) {
        bytes.append(UInt8(ascii: mark))
        bytes += String(number).utf8
        bytes += Self.lineEnd
    }
}
