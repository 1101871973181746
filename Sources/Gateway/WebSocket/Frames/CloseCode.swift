/// The close codes the byte layer itself uses (RFC 6455, section 7.4, and the protocol's own range).
enum CloseCode {
    static let protocolError: UInt16 = 1002
    static let invalidPayload: UInt16 = 1007
    static let policyViolation: UInt16 = 1008
    static let messageTooBig: UInt16 = 1009
    static let shutdown: UInt16 = 3001
    static let slow: UInt16 = 3008
    static let writeError: UInt16 = 3009

    /// Whether a peer may put `code` in a close frame: 1004 to 1006 and 1015 never travel, the rest below 3000 is unassigned.
    static func mayBeSent(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1011, 3000...4999: true
        default: false
        }
    }
}
