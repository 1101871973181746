/// What was agreed on about compression (permessage-deflate, RFC 7692) for one connection.
///
/// Neither side carries its window from one message to the next: the server's frames stay the same for everybody and can be shared, and
/// no connection holds a window of the client's.
struct MessageDeflate: Equatable {
    /// The window that the client can look back in, as a power of two.
    var windowBits = MessageDeflate.windowBitsMax

    /// A shorter message goes plain: it would hardly shrink.
    static let bytesMin = 128

    /// zlib has no smaller raw window: it turns eight bits down.
    static let windowBitsMin: Int32 = 9
    static let windowBitsMax: Int32 = 15

    /// Whether frames that were made for everybody may be sent to this client: they need the whole window.
    var readsSharedFrames: Bool { windowBits == Self.windowBitsMax }

    /// The value of the answer's `Sec-WebSocket-Extensions`.
    var answer: String {
        let noTakeover = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        return isWindowAsked ? "\(noTakeover); server_max_window_bits=\(windowBits)" : noTakeover
    }

    /// The client named a window, so the answer has to.
    private var isWindowAsked = false

    init() {}

    /// Accepts an offer; nil when it asks for what can't be granted, or names what RFC 7692 does not define.
    ///
    /// The client's own window (`client_max_window_bits`) is not limited: the inflater is shared, and reads all of them.
    init?(accepting offer: ExtensionOffer) {
        guard offer.name == "permessage-deflate" else { return nil }
        var names: Set<String> = []
        for parameter in offer.parameters {
            guard names.insert(parameter.name).inserted else { return nil }
            switch parameter.name {
            case "server_no_context_takeover", "client_no_context_takeover":
                guard parameter.value == nil else { return nil }
            case "client_max_window_bits":
                guard parameter.value.map({ Self.windowBits($0) != nil }) ?? true else { return nil }
            case "server_max_window_bits":
                guard let bits = parameter.value.flatMap(Self.windowBits), bits >= Self.windowBitsMin else { return nil }
                windowBits = bits
                isWindowAsked = true
            default:
                return nil
            }
        }
    }

    /// The first offer that can be granted: clients put what they like best first.
    static func negotiate(_ offers: [ExtensionOffer]) -> MessageDeflate? {
        for offer in offers {
            if let agreed = MessageDeflate(accepting: offer) { return agreed }
        }
        return nil
    }

    /// 8 to 15, without a leading zero (RFC 7692, section 7.1.2).
    private static func windowBits(_ text: String) -> Int32? {
        guard let bits = Int32(text), (8...windowBitsMax).contains(bits), String(bits) == text else { return nil }
        return bits
    }
}
