import Core
import Foundation
import Testing
import Wire

@Suite struct ReadingRequestsTests {
    private let whole = #"{"room_id":7,"date":"2026-07-01","from":"09:00","title":"Talk"}"#

    private func read(path: [String: String] = [:], query: [String: String] = [:], _ body: String = "") throws -> BookRoom {
        try BookRoom(reading: RequestInput(path: path, query: query, body: Data(body.utf8)))
    }

    private func refusal(path: [String: String] = [:], query: [String: String] = [:], _ body: String = "") -> (any DomainError)? {
        do {
            _ = try read(path: path, query: query, body)
            return nil
        } catch {
            return error as? any DomainError
        }
    }

    @Test func `a body alone is read`() throws {
        let request = try read(whole)
        #expect(request.roomID.rawValue == 7)
        #expect(request.date == LocalDate("2026-07-01"))
        #expect(request.from == LocalTime("09:00"))
        #expect(request.title == "Talk")
        #expect(request.at == nil)
    }

    @Test func `parameters alone are read`() throws {
        let request = try read(
            path: ["room_id": "7"],
            query: ["date": "2026-07-01", "from": "09:00", "is_private": "true", "price": "2.5", "mood": "loud", "count": "3"]
        )
        #expect(request.roomID.rawValue == 7)
        #expect(request.isPrivate == true)
        #expect(request.price == 2.5)
        #expect(request.mood == .loud)
        #expect(request.count == 3)
    }

    @Test func `the path beats the query and the query beats the body`() throws {
        let request = try read(path: ["room_id": "1"], query: ["room_id": "2", "title": "query"], whole)
        #expect(request.roomID.rawValue == 1)
        #expect(request.title == "query")
    }

    @Test func `null means absent where a member may be absent`() throws {
        #expect(try read(#"{"room_id":7,"date":"2026-07-01","from":"09:00","title":null,"guests":null}"#).title == nil)
    }

    @Test(arguments: [
        (#"{"date":"2026-07-01","from":"09:00"}"#, "/room_id", "required"),
        (#"{"room_id":null,"date":"2026-07-01","from":"09:00"}"#, "/room_id", "required"),
        (#"{"room_id":"7","date":"2026-07-01","from":"09:00"}"#, "/room_id", "type"),
        (#"{"room_id":7.5,"date":"2026-07-01","from":"09:00"}"#, "/room_id", "format"),
        (#"{"room_id":0,"date":"2026-07-01","from":"09:00"}"#, "/room_id", "range"),
        (#"{"room_id":9007199254740992,"date":"2026-07-01","from":"09:00"}"#, "/room_id", "range"),
        (#"{"room_id":7,"date":"2026-02-30","from":"09:00"}"#, "/date", "format"),
        (#"{"room_id":7,"date":"2026-07-01","from":"25:00"}"#, "/from", "format"),
        (#"{"room_id":7,"date":"2026-07-01","from":"09:00","at":"yesterday"}"#, "/at", "format"),
        (#"{"room_id":7,"date":"2026-07-01","from":"09:00","mood":"sad"}"#, "/mood", "format"),
        (#"{"room_id":7,"date":"2026-07-01","from":"09:00","title":""}"#, "/title", "length"),
        (#"{"room_id":7,"date":"2026-07-01","from":"09:00","title":"   "}"#, "/title", "length"),
        (#"{"room_id":7,"date":"2026-07-01","from":"09:00","title":"\uD800"}"#, "/title", "format"),
        (#"{"room_id":7,"date":"2026-07-01","from":"09:00","count":1e400}"#, "/count", "format"),
        (#"{"room_id":7,"date":"2026-07-01","from":"09:00","title":"a\u0000b"}"#, "/title", "pattern"),
        (#"{"room_id":7,"date":"2026-07-01","from":"09:00","guests":[{"name":"a"},{"age":4}]}"#, "/guests/1/name", "required"),
        (#"{"room_id":7,"date":"2026-07-01","from":"09:00","guests":{}}"#, "/guests", "type"),
    ])
    func `a wrong member is named by its pointer`(body: String, pointer: String, code: String) throws {
        let error = try #require(refusal(body) as? ValidationError)
        #expect(error.failures.first?.pointer == pointer)
        #expect(error.failures.first?.code == code)
        #expect(error.kind == .invalid)
    }

    @Test func `every broken rule is told at once`() throws {
        let error = try #require(
            refusal(#"{"room_id":0,"date":"2026-07-01","from":"09:00","title":"much too long for this","count":21}"#) as? ValidationError
        )
        #expect(error.failures.map(\.pointer) == ["/room_id", "/title", "/count"])
    }

    @Test(arguments: ["seven", "7.0", "", "+7", "0x7", "99999999999999999999", "７"])
    func `a path parameter that is no id leads nowhere`(id: String) {
        #expect(refusal(path: ["room_id": id], whole) as? RequestError == .routeNotFound)
    }

    @Test(arguments: [("count", "many"), ("count", "1e3"), ("price", "nan"), ("price", "inf"), ("is_private", "maybe"), ("count", "21")])
    func `a query parameter that can't be read is a malformed request`(name: String, value: String) throws {
        let error = try #require(refusal(query: [name: value], whole) as? ValidationError)
        #expect(error.kind == .malformed)
        #expect(error.failures.first?.pointer == "/\(name)")
    }

    @Test(arguments: [
        "[]", "7", "null", "\"text\"", "{", "{]", "{\"room_id\":7", "{\"room_id\" 7}", "{}{}", "{} x", "\u{FEFF}{}", "{'room_id':7}",
    ])
    func `what is no JSON object is refused as a whole`(body: String) {
        let error = refusal(body)
        #expect(error?.kind == .malformed, "\(body): \(String(describing: error))")
    }

    @Test func `text that is not UTF-8 is refused`() {
        let broken = Data(#"{"room_id":7,"date":"2026-07-01","from":"09:00","title":""#.utf8) + Data([0xFF, 0xFE]) + Data(#""}"#.utf8)
        for body in [
            broken, whole.data(using: .utf16LittleEndian), whole.data(using: .utf16BigEndian), whole.data(using: .utf32LittleEndian),
        ] {
            #expect(throws: RequestError.malformedBody) { try BookRoom(reading: RequestInput(body: body ?? Data())) }
        }
    }

    @Test(arguments: ["[", "{\"a\":"])
    func `a hundred thousand open brackets do no harm`(bracket: String) {
        let nested = String(repeating: bracket, count: 100_000)
        #expect(refusal(nested)?.kind == .malformed)
        #expect(refusal(#"{"room_id":7,"date":"2026-07-01","from":"09:00","unknown":"# + nested)?.kind == .malformed)
    }

    @Test(arguments: ["1e400", "-1e400", "1" + String(repeating: "0", count: 10_000), "1e-99999", "9223372036854775808"])
    func `a number that fits nowhere is refused`(number: String) throws {
        let error = refusal(#"{"room_id":7,"date":"2026-07-01","from":"09:00","count":\#(number)}"#)
        #expect(error?.kind == .invalid || error?.kind == .malformed)
    }

    @Test func `of a member that is given twice one value counts`() throws {
        let request = try read(#"{"room_id":7,"room_id":8,"date":"2026-07-01","from":"09:00"}"#)
        #expect([7, 8].contains(request.roomID.rawValue))
    }

    @Test func `unknown members and parameters are passed over`() throws {
        let request = try read(query: ["unknown": "1"], #"{"room_id":7,"date":"2026-07-01","from":"09:00","unknown":{"a":[1]}}"#)
        #expect(request.roomID.rawValue == 7)
    }
}
