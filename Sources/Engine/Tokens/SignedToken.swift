import Crypto
import Foundation

/// A JSON Web Token (RFC 7519) signed with HMAC (RFC 7518, section 3.2), as application back ends issue them.
///
/// The secret is a text of the operator's choosing and often shorter than the hash, which JWTKit does not take; three calls of Swift Crypto
/// are all that is needed.
struct SignedToken {
    private struct Header: Decodable {
        let alg: String
        /// Extensions that a reader must understand (RFC 7515, section 4.1.11); there are none here.
        let crit: [String]?
    }

    /// Longer texts are not even looked at.
    static let bytesMax = 16_384

    /// The claims: JSON.
    let payload: Data

    /// Nil unless the signature is that of the key, by one of the three algorithms: `none` and public keys are nobody's signature.
    init?(_ text: String, key: SymmetricKey) {
        guard text.utf8.count <= Self.bytesMax else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.base64URL(parts[0]), let payload = Self.base64URL(parts[1]),
            let signature = Self.base64URL(parts[2]), let header = try? JSONDecoder().decode(Header.self, from: header),
            header.crit == nil
        else { return nil }
        let signed = Array(text.utf8[..<parts[1].endIndex])
        let isGenuine =
            switch header.alg {
            case "HS256": HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: signed, using: key)
            case "HS384": HMAC<SHA384>.isValidAuthenticationCode(signature, authenticating: signed, using: key)
            case "HS512": HMAC<SHA512>.isValidAuthenticationCode(signature, authenticating: signed, using: key)
            default: false
            }
        guard isGenuine else { return nil }
        self.payload = payload
    }

    private static func base64URL(_ text: Substring.UTF8View) -> Data? {
        var bytes = text.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            // The other alphabet and padding would give one token two spellings.
            case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): 0
            default: byte
            }
        }
        while bytes.count % 4 != 0 { bytes.append(UInt8(ascii: "=")) }
        return Data(base64Encoded: Data(bytes))
    }
}
