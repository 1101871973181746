import Core
import Testing
import Wire

@Suite struct SchemaTests {
    private let request = ObjectSchema(describingRequest: BookRoom.self)

    private func property(_ name: String) throws -> ObjectSchema.Property {
        try #require(request.properties.first { $0.name == name })
    }

    @Test func `members keep the order in which they are declared`() {
        #expect(
            request.properties.map(\.name) == [
                "room_id", "date", "from", "at", "title", "count", "mood", "guests", "is_private", "price",
            ]
        )
        #expect(request.name == "BookRoom")
    }

    @Test func `optional members are not required and may be null`() throws {
        #expect(request.properties.filter(\.isRequired).map(\.name) == ["room_id", "date", "from"])
        #expect(try property("title").schema.isNullable)
        #expect(try !property("date").schema.isNullable)
    }

    @Test func `rules of validate stand in the schema`() throws {
        let title = try property("title").schema
        #expect(title.lengthMin == 1)
        #expect(title.lengthMax == 10)
        let count = try property("count").schema
        #expect(count.minimum == 1)
        #expect(count.maximum == 20)
        #expect(try property("guests").schema.itemsMax == 3)
    }

    @Test func `types of ours are described as they look on the wire`() throws {
        let id = try property("room_id").schema
        #expect(id.kind == .integer)
        #expect(id.minimum == 1)
        #expect(id.maximum == 9_007_199_254_740_991)
        #expect(try property("date").schema.format == "date")
        #expect(try property("at").schema.format == "date-time")
        #expect(try property("from").schema.pattern != nil)
        #expect(try property("mood").schema.choices == ["calm", "loud"])
        #expect(try property("is_private").schema.kind == .boolean)
        #expect(try property("price").schema.kind == .number)
    }

    @Test func `answers are described down to their elements`() throws {
        guard case .object(let response) = Schema(describing: BookRoom.Response.self).kind else {
            Issue.record("the answer is an object")
            return
        }
        #expect(response.properties.map(\.name) == ["id", "guests", "labels", "note", "extra"])
        guard case .array(let element) = response.properties[1].schema.kind, case .object(let guest) = element.kind else {
            Issue.record("guests are objects in an array")
            return
        }
        #expect(guest.name == "Guest")
        #expect(guest.properties.map(\.name) == ["name", "age"])
        #expect(response.properties[2].schema.kind == .dictionary(of: Schema(.string)))
        #expect(response.properties[4].schema.kind == .any)
    }

    @Test func `a request without members has none in its schema`() {
        #expect(ObjectSchema(describingRequest: AskNothing.self).properties.isEmpty)
    }
}

private struct AskNothing: Endpoint {
    typealias Response = [BookRoom.Response]

    static let operation = Operation("test.nothing.ask", .get, "/nothing", access: .everyone, summary: "Asks nothing.")
}
