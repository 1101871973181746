/// One extension that a client offers in `Sec-WebSocket-Extensions`.
struct ExtensionOffer: Equatable {
    /// A header that breaks the grammar of RFC 6455, section 9.1. The handshake fails then.
    struct Malformed: Error {}

    struct Parameter: Equatable {
        var name: String
        var value: String?
    }

    var name: String
    var parameters: [Parameter] = []

    /// Reads the header's values, which count as one list however many lines they came in.
    static func read(_ values: [String]) throws(Malformed) -> [ExtensionOffer] {
        var offers: [ExtensionOffer] = []
        for value in values {
            var reader = Reader(value)
            offers += try reader.offers()
        }
        return offers
    }

    /// `offer ("," offer)*`, `offer = token (";" token ("=" (token | quoted token))?)*`. Empty elements of the list are skipped, as
    /// RFC 9110, section 5.6.1 asks of readers.
    private struct Reader {
        private let bytes: [UInt8]
        private var index = 0

        init(_ text: String) {
            bytes = Array(text.utf8)
        }

        mutating func offers() throws(Malformed) -> [ExtensionOffer] {
            var offers: [ExtensionOffer] = []
            while true {
                skipSpace()
                guard index < bytes.count else { return offers }
                if take(UInt8(ascii: ",")) { continue }
                offers.append(try offer())
                guard index == bytes.count || take(UInt8(ascii: ",")) else { throw Malformed() }
            }
        }

        private mutating func offer() throws(Malformed) -> ExtensionOffer {
            var offer = ExtensionOffer(name: try token())
            skipSpace()
            while take(UInt8(ascii: ";")) {
                skipSpace()
                let name = try token()
                skipSpace()
                var value: String?
                if take(UInt8(ascii: "=")) {
                    skipSpace()
                    value = try take(UInt8(ascii: "\"")) ? quotedToken() : token()
                    skipSpace()
                }
                offer.parameters.append(Parameter(name: name, value: value))
            }
            return offer
        }

        private mutating func token() throws(Malformed) -> String {
            let start = index
            while index < bytes.count, Self.isToken(bytes[index]) { index += 1 }
            guard index > start else { throw Malformed() }
            return String(decoding: bytes[start..<index], as: UTF8.self).lowercased()
        }

        /// Unquoted it has to be a token as well, so an escape can only stand for what could stand there without one.
        private mutating func quotedToken() throws(Malformed) -> String {
            var value: [UInt8] = []
            while index < bytes.count {
                if take(UInt8(ascii: "\"")) {
                    guard !value.isEmpty else { throw Malformed() }
                    return String(decoding: value, as: UTF8.self)
                }
                _ = take(UInt8(ascii: "\\"))
                guard index < bytes.count, Self.isToken(bytes[index]) else { throw Malformed() }
                value.append(bytes[index])
                index += 1
            }
            throw Malformed()
        }

        private mutating func skipSpace() {
            while index < bytes.count, bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\t") { index += 1 }
        }

        private mutating func take(_ byte: UInt8) -> Bool {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
            return true
        }

        /// RFC 9110, section 5.6.2.
        private static func isToken(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
    }
}
