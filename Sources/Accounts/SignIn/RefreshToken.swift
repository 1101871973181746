import Crypto
import Foundation

/// A refresh token: 64 random bytes as base64url. The first half finds the sign-in and stays, the second half is new with every use.
///
/// So one row per sign-in is enough to recognise every token it ever gave out: the right first half with the wrong second half is an old one.
/// The database holds the SHA-256 of both halves; 256 random bits need no slow hash.
struct RefreshToken: Hashable, Sendable {
    private static let halfBytes = 32
    /// Length of the text form.
    static let textBytes = 86

    private let selector: [UInt8]
    private let verifier: [UInt8]

    /// For a new sign-in.
    init(randomBytes: (_ count: Int) -> [UInt8]) {
        self.init(selector: randomBytes(Self.halfBytes), verifier: randomBytes(Self.halfBytes))
    }

    private init(selector: [UInt8], verifier: [UInt8]) {
        self.selector = selector
        self.verifier = verifier
    }

    /// What a client sent; nil for anything that never was a token.
    init?(text: String) {
        guard text.utf8.count == Self.textBytes else { return nil }
        let base64 = text.replacing("-", with: "+").replacing("_", with: "/") + "=="
        guard let data = Data(base64Encoded: base64), data.count == 2 * Self.halfBytes else { return nil }
        self.init(selector: Array(data.prefix(Self.halfBytes)), verifier: Array(data.suffix(Self.halfBytes)))
    }

    /// The token that takes this one's place.
    func next(randomBytes: (_ count: Int) -> [UInt8]) -> RefreshToken {
        RefreshToken(selector: selector, verifier: randomBytes(Self.halfBytes))
    }

    var text: String {
        Data(selector + verifier).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    var selectorHash: [UInt8] { Array(SHA256.hash(data: selector)) }
    var verifierHash: [UInt8] { Array(SHA256.hash(data: verifier)) }
}
