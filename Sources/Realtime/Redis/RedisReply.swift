import CHiredis
import NIOCore

/// What Redis answers.
enum RedisReply: Sendable, Hashable {
    case none
    case integer(Int)
    case text(ByteBuffer)
    case list([RedisReply])
    /// Redis refuses: the command was of no effect.
    case refused(String)

    init(_ reply: UnsafePointer<redisReply>) {
        let value = reply.pointee
        switch value.type {
        case REDIS_REPLY_INTEGER: self = .integer(Int(value.integer))
        case REDIS_REPLY_STRING, REDIS_REPLY_STATUS:
            self = .text(ByteBuffer(bytes: UnsafeRawBufferPointer(start: value.str, count: value.len)))
        case REDIS_REPLY_ERROR: self = .refused(String(decoding: UnsafeRawBufferPointer(start: value.str, count: value.len), as: UTF8.self))
        case REDIS_REPLY_ARRAY:
            // Nesting is bounded: hiredis reads seven levels and takes more for a broken protocol.
            self = .list((0..<value.elements).map { index in value.element?[index].map { RedisReply($0) } ?? .none })
        default: self = .none
        }
    }

    var integer: Int? { if case .integer(let number) = self { number } else { nil } }

    var list: [RedisReply]? { if case .list(let elements) = self { elements } else { nil } }

    var buffer: ByteBuffer? { if case .text(let buffer) = self { buffer } else { nil } }

    var string: String? { buffer.map { String(buffer: $0) } }

    var isRefusal: Bool { if case .refused = self { true } else { false } }
}
