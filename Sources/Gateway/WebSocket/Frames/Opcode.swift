/// What a frame carries (RFC 6455, section 5.2). Every other value is reserved and refused.
enum Opcode: UInt8 {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// Control frames are short, never fragmented, and may stand between the fragments of a message.
    var isControl: Bool { rawValue >= 0x8 }

    /// A message's first frame says what the message is.
    var beginsMessage: Bool { self == .text || self == .binary }
}
