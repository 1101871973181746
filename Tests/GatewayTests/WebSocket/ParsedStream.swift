@testable import Gateway

/// What a parser made of a stream, with every payload copied.
struct ParsedStream: Equatable {
    enum Item: Equatable {
        case text(String)
        case binary([UInt8])
        case ping(String)
        case pong
        case close(UInt16?)
        case fail(FrameError)
    }

    var items: [Item] = []
    var bytesHeldMax = 0
    var bytesHeldAtEnd = 0

    static let limits = FrameParser.Limits(messageBytesMax: 65_536, fragmentsMax: 1_024)

    /// Feeds `bytes` in pieces of at most `pieceBytes`.
    init(_ bytes: [UInt8], inPiecesOf pieceBytes: Int = .max, limits: FrameParser.Limits = Self.limits, deflates: Bool = false) {
        var pieces: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            pieces.append(rest.prefix(pieceBytes))
            rest = rest.dropFirst(pieceBytes)
        }
        self.init(pieces: pieces, limits: limits, deflates: deflates)
    }

    init(pieces: [ArraySlice<UInt8>], limits: FrameParser.Limits = Self.limits, deflates: Bool = false) {
        var parser = FrameParser(limits: limits, deflates: deflates)
        for piece in pieces {
            var copy = Array(piece)
            copy.withUnsafeMutableBytes { bytes in
                var input = bytes
                while let action = parser.next(&input) {
                    items.append(Self.item(action))
                }
            }
            bytesHeldMax = max(bytesHeldMax, parser.bytesHeld)
        }
        bytesHeldAtEnd = parser.bytesHeld
    }

    private static func item(_ action: FrameParser.Action) -> Item {
        switch action {
        case .message(.text, let payload): .text(String(decoding: copy(payload), as: UTF8.self))
        case .message(.binary, let payload): .binary(copy(payload))
        case .ping(let payload): .ping(String(decoding: payload, as: UTF8.self))
        case .pong: .pong
        case .close(let code): .close(code)
        case .fail(let error): .fail(error)
        }
    }

    private static func copy(_ payload: FrameParser.Payload) -> [UInt8] {
        switch payload {
        case .inPlace(let bytes): Array(bytes)
        case .assembled(let bytes): bytes
        }
    }
}
