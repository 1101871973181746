/// Why a byte stream was refused. Each becomes a close frame, then the end of the connection.
enum FrameError: Error, Equatable {
    case unmasked
    case reservedBits
    case reservedOpcode
    case controlFragmented
    case controlTooLong
    case lengthNotMinimal
    case lengthTooLarge
    case unexpectedContinuation
    case messageInterrupted
    case closePayload
    case closeCode
    case invalidText
    case invalidDeflate
    case messageTooBig
    case tooManyFragments

    var closeCode: UInt16 {
        switch self {
        case .invalidText, .invalidDeflate: CloseCode.invalidPayload
        case .messageTooBig: CloseCode.messageTooBig
        case .tooManyFragments: CloseCode.policyViolation
        default: CloseCode.protocolError
        }
    }

    /// Shown to whoever debugs the client: a constant text, never anything the peer sent.
    var reason: String {
        switch self {
        case .unmasked: "client frames must be masked"
        case .reservedBits: "reserved bits must be zero"
        case .reservedOpcode: "reserved opcode"
        case .controlFragmented: "control frame is fragmented"
        case .controlTooLong: "control frame is longer than 125 bytes"
        case .lengthNotMinimal: "length is not encoded minimally"
        case .lengthTooLarge: "length exceeds 63 bits"
        case .unexpectedContinuation: "continuation without a message"
        case .messageInterrupted: "new message inside a fragmented one"
        case .closePayload: "close payload of one byte"
        case .closeCode: "close code is not allowed"
        case .invalidText: "text is not UTF-8"
        case .invalidDeflate: "compressed data are not valid"
        case .messageTooBig: "message size limit exceeded"
        case .tooManyFragments: "too many fragments"
        }
    }
}
