import Core
import Foundation
import SeededRandom
import ServerTesting
import Testing
import Wire

@testable import Engine

@Suite struct SignedTokenTests {
    private let rules: TokenRules = {
        var rules = TokenRules()
        rules.secret = "secret"
        return rules
    }()

    private let now = ManualTime().now

    private func user(_ token: String, _ rules: TokenRules? = nil) throws(TokenRefusal) -> String {
        try TokenVerifier(rules ?? self.rules).claims(of: token, as: ConnectionClaims.self, at: now).user
    }

    private func seconds(_ offset: Int64) -> Int64 { now.microseconds / 1_000_000 + offset }

    @Test(arguments: TokenIssuer.Algorithm.allCases) func `tokens of all three algorithms are read`(algorithm: TokenIssuer.Algorithm) throws
    {
        #expect(try user(TokenIssuer(secret: "secret", algorithm: algorithm).token(RawJSON(#"{"sub":"42"}"#))) == "42")
    }

    /// The example of RFC 7515, appendix A.1, with its key.
    @Test func `the signature is that of the RFC`() throws {
        let token =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
            + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow=="
            .replacing("-", with: "+").replacing("_", with: "/")
        let secret = try #require(Data(base64Encoded: key))
        let read = try #require(SignedToken(token, key: .init(data: secret)))
        #expect(String(decoding: read.payload, as: UTF8.self).contains("joe"))
    }

    @Test func `forged, broken and unsigned tokens are invalid`() {
        let good = TokenIssuer(secret: "secret").token(RawJSON(#"{"sub":"42"}"#))
        let parts = good.split(separator: ".").map(String.init)
        let none = Data(#"{"alg":"none"}"#.utf8).base64EncodedString().replacing("=", with: "")
        let other = TokenIssuer(secret: "other").token(RawJSON(#"{"sub":"42"}"#))
        let hostile = [
            "", ".", "..", "a.b.c", good + ".", good + "A", String(good.dropLast(2)), "\(none).\(parts[1]).",
            "\(none).\(parts[1]).\(parts[2])",
            "\(parts[0]).\(parts[1])", "\(parts[0]).\(parts[1])..", other, good + "=", String(repeating: "x", count: 20_000),
            TokenIssuer(secret: "secret").token(RawJSON("[]")), TokenIssuer(secret: "secret").token(RawJSON(#"{"sub":42}"#)),
            TokenIssuer(secret: "secret").token(RawJSON(#"{"sub":"42","exp":"soon"}"#)),
            TokenIssuer(secret: "secret").token(RawJSON(#"{"sub":"42","exp":-1}"#)),
            TokenIssuer(secret: "secret").token(RawJSON(#"{"sub":"42","exp":1e300}"#)),
        ]
        for token in hostile {
            #expect(throws: TokenRefusal.invalid, "\(token.prefix(40))") { try user(token) }
        }
    }

    @Test func `no changed bit is overlooked`() {
        let good = Array(TokenIssuer(secret: "secret").token(RawJSON(#"{"sub":"42"}"#)).utf8)
        var random = SplitMix64(seed: 3)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        for _ in 0..<2_000 {
            var token = good
            // The last character holds bits that belong to no byte.
            let index = random.number(in: 0...token.count - 2)
            let byte = alphabet[random.number(in: 0...63)]
            guard token[index] != byte else { continue }
            token[index] = byte
            #expect(throws: TokenRefusal.invalid) { try user(String(decoding: token, as: UTF8.self)) }
        }
    }

    @Test func `without a secret nothing is good`() {
        let empty = TokenIssuer(secret: "").token(RawJSON(#"{"sub":"42"}"#))
        #expect(throws: TokenRefusal.invalid) { try user(empty, TokenRules()) }
    }

    @Test func `time is the server's`() throws {
        let issuer = TokenIssuer(secret: "secret")
        #expect(try user(issuer.token(RawJSON(#"{"sub":"a","exp":\#(seconds(1))}"#))) == "a")
        #expect(try user(issuer.token(RawJSON(#"{"sub":"a","exp":\#(seconds(1)).5,"nbf":\#(seconds(0)),"iat":0}"#))) == "a")
        #expect(throws: TokenRefusal.expired) { try user(issuer.token(RawJSON(#"{"sub":"a","exp":\#(seconds(0))}"#))) }
        #expect(throws: TokenRefusal.invalid) { try user(issuer.token(RawJSON(#"{"sub":"a","nbf":\#(seconds(1))}"#))) }
        // A forged token does not even learn that it has expired.
        let forged = TokenIssuer(secret: "other").token(RawJSON(#"{"sub":"a","exp":\#(seconds(0))}"#))
        #expect(throws: TokenRefusal.invalid) { try user(forged) }
    }

    @Test func `issuer and audience count where they are configured`() throws {
        var rules = self.rules
        rules.issuer = "shop"
        rules.audience = "live"
        let issuer = TokenIssuer(secret: "secret")
        #expect(try user(issuer.token(RawJSON(#"{"sub":"a","iss":"shop","aud":"live"}"#)), rules) == "a")
        #expect(try user(issuer.token(RawJSON(#"{"sub":"a","iss":"shop","aud":["other","live"]}"#)), rules) == "a")
        for claims in [
            #"{"sub":"a"}"#, #"{"sub":"a","iss":"shop"}"#, #"{"sub":"a","iss":"shop","aud":[]}"#, #"{"sub":"a","iss":"x","aud":"live"}"#,
        ] {
            #expect(throws: TokenRefusal.invalid) { try user(issuer.token(RawJSON(claims)), rules) }
        }
    }
}
