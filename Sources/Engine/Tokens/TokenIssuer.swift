import Crypto
import Foundation
import Wire

/// Signs tokens as an application's back end would: for trying out, and for tests.
public struct TokenIssuer: Sendable {
    /// The algorithms of RFC 7518, section 3.2.
    public enum Algorithm: String, CaseIterable, Sendable {
        case hs256 = "HS256"
        case hs384 = "HS384"
        case hs512 = "HS512"
    }

    private let key: SymmetricKey
    private let algorithm: Algorithm

    public init(secret: String, algorithm: Algorithm = .hs256) {
        key = SymmetricKey(data: Data(secret.utf8))
        self.algorithm = algorithm
    }

    /// - Parameter claims: a JSON object.
    public func token(_ claims: RawJSON) -> String {
        let header = Data(#"{"alg":"\#(algorithm.rawValue)","typ":"JWT"}"#.utf8)
        let signed = Self.base64URL(header) + "." + Self.base64URL(Data(claims.bytes))
        let bytes = Data(signed.utf8)
        let signature =
            switch algorithm {
            case .hs256: Data(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
            case .hs384: Data(HMAC<SHA384>.authenticationCode(for: bytes, using: key))
            case .hs512: Data(HMAC<SHA512>.authenticationCode(for: bytes, using: key))
            }
        return signed + "." + Self.base64URL(signature)
    }

    private static func base64URL(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
