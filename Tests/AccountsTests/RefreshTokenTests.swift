import Testing

@testable import Accounts

@Suite struct RefreshTokenTests {
    @Test func `a token survives its text form`() throws {
        let token = RefreshToken(randomBytes: PasswordHasher.systemBytes)
        #expect(token.text.utf8.count == RefreshToken.textBytes)
        #expect(token.text.utf8.allSatisfy { !"+/=".utf8.contains($0) })
        #expect(RefreshToken(text: token.text) == token)
    }

    @Test func `the next token finds the same sign-in and is another token`() {
        let token = RefreshToken(randomBytes: PasswordHasher.systemBytes)
        let next = token.next(randomBytes: PasswordHasher.systemBytes)
        #expect(next.selectorHash == token.selectorHash)
        #expect(next.verifierHash != token.verifierHash)
    }

    @Test(arguments: ["", "abc", String(repeating: "a", count: 85), String(repeating: "a", count: 87), String(repeating: "!", count: 86)])
    func `a text that never was a token is none`(text: String) {
        #expect(RefreshToken(text: text) == nil)
    }
}
