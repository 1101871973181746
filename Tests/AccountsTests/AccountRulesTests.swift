import Core
import Testing

@testable import Accounts

@Suite struct AccountRulesTests {
    @Test(arguments: ["ana", "Ana.B-c_9", "张伟明", "Zoë", String(repeating: "a", count: 64)])
    func `a username of letters, digits and dots is accepted`(username: String) {
        #expect(failures(username: username).isEmpty)
    }

    @Test(arguments: ["", "ab", "a b c", "ana@home", "ana:1", "ana\u{200B}x", "ana\u{0}x", String(repeating: "a", count: 65), "👍👍👍"])
    func `any other username is refused`(username: String) {
        #expect(failures(username: username).contains { $0.pointer == "/username" })
    }

    @Test func `usernames that differ by case or width alone share a key`() {
        #expect(Username.key(of: "Ana") == Username.key(of: "aNA"))
        #expect(Username.key(of: "ａｎａ") == Username.key(of: "ana"))
        #expect(Username.key(of: "ana") != Username.key(of: "anna"))
    }

    @Test(arguments: ["a@b.co", "Ana.Lee+gym@mail.example.com", "o'neil@x-y.test"])
    func `a usual e-mail address is accepted`(email: String) {
        #expect(failures(email: email).isEmpty)
    }

    @Test(arguments: [
        "", "ana", "@b.co", "ana@", "ana@localhost", "a@b@c.de", ".a@b.co", "a.@b.co", "a..b@c.de", "a b@c.de", "a@-b.de", "a@b..de",
        "a@b.de\r\nBcc: x@y.zz", String(repeating: "a", count: 65) + "@b.co", "a@" + String(repeating: "b", count: 64) + ".co",
    ])
    func `anything else is no e-mail address`(email: String) {
        #expect(failures(email: email).contains { $0.pointer == "/email" && $0.code == "format" })
    }

    @Test(arguments: ["13800138000", "+86 10 1234-5678", "(020) 12345"])
    func `a telephone number is kept as it is written`(phone: String) {
        #expect(failures(phone: phone).isEmpty)
    }

    @Test(arguments: ["", "+", "1234", "12345a", "+1+23456", "123456789012345678901"])
    func `anything else is no telephone number`(phone: String) {
        #expect(failures(phone: phone).contains { $0.pointer == "/phone" })
    }

    @Test(arguments: ["Passw0rd!", "correct horse", "密码密码密码密码1", "12345678a"])
    func `a mixed password is accepted`(password: String) {
        #expect(failures(password: password).isEmpty)
    }

    @Test(arguments: ["", "Pass1", "password", "12345678", String(repeating: "a1", count: 65), "Winston.42", "winston.42@mail.test"])
    func `a short, plain or obvious password is refused`(password: String) {
        let found = failures(username: "winston.42", email: "winston.42@mail.test", password: password)
        #expect(found.contains { $0.pointer == "/password" })
    }

    @Test(arguments: [("venue:1", true), ("sport_venue:12", true), ("venue:0", false), ("venue:01", false), ("venue:+1", false)])
    func `a place is a noun and an id`(place: String, isWellFormed: Bool) {
        #expect(Place.isWellFormed(place) == isWellFormed)
    }

    @Test(arguments: ["", ":", "venue", "venue:", ":1", "Venue:1", "venue:1:2", "venue:-1", "venue:9007199254740992"])
    func `anything else is no place`(place: String) {
        #expect(!Place.isWellFormed(place))
    }

    private func failures(
        username: String = "ana", email: String = "someone@example.com", password: String = "Passw0rd!", phone: String? = nil
    ) -> [FieldFailure] {
        var check = Validation()
        RegisterUser(username: username, email: email, password: password, phone: phone).validate(&check)
        return check.failures
    }
}
