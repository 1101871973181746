import Core
import HummingbirdCore

/// The target of a request line, taken apart without Foundation: this runs for every request.
struct RequestTarget {
    /// Still percent-encoded.
    let path: String
    /// Still percent-encoded; nil without a question mark.
    private let rawQuery: Substring?

    init(_ request: Request) {
        guard let target = request.head.path, target.utf8.first == UInt8(ascii: "/") else {
            // The absolute form (RFC 9112, section 3.2.2), which proxies send.
            path = request.uri.path
            rawQuery = request.uri.query?[...]
            return
        }
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else {
            path = target
            rawQuery = nil
            return
        }
        path = String(target[..<mark])
        rawQuery = target[target.utf8.index(after: mark)...]
    }

    /// The decoded query; the first of several values of one name counts.
    ///
    /// - Throws: ``ValidationError`` for text that is no percent-encoded UTF-8.
    func query() throws -> [String: String] {
        guard let rawQuery, !rawQuery.isEmpty else { return [:] }
        var query: [String: String] = [:]
        for pair in rawQuery.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(Substring(parts[0]), plusIsSpace: true) else { throw Self.undecodable("") }
            guard query[name] == nil else { continue }
            guard let value = parts.count == 1 ? "" : PercentEncoding.decode(Substring(parts[1]), plusIsSpace: true) else {
                throw Self.undecodable("/\(name)")
            }
            query[name] = value
        }
        return query
    }

    private static func undecodable(_ pointer: String) -> ValidationError {
        let failure = FieldFailure(pointer: pointer, code: "format", detail: "is not percent-encoded UTF-8")
        return ValidationError([failure], kind: .malformed)
    }
}

/// Percent-encoding of RFC 3986, section 2.1.
enum PercentEncoding {
    /// Nil for a broken escape or bytes that are no UTF-8.
    static func decode(_ text: Substring, plusIsSpace: Bool = false) -> String? {
        let isEncoded = text.utf8.contains { $0 == UInt8(ascii: "%") || (plusIsSpace && $0 == UInt8(ascii: "+")) }
        guard isEncoded else { return String(text) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal) else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// A path segment with everything but unreserved characters (RFC 3986, section 2.3) encoded.
    static func encode(segment: String) -> String {
        var result = ""
        for byte in segment.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isUnreserved =
                byte < 0x80 && (Character(scalar).isLetter || Character(scalar).isNumber || "-._~".contains(Character(scalar)))
            result += isUnreserved ? String(scalar) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        return result
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
