import Core
import HTTPTypes
import Wire

/// Stands for things in `Identifier<Thing>`.
enum Thing {}

struct ThingView: Codable, Sendable, Located {
    let id: Identifier<Thing>
    let name: String
    let note: String?

    var resourcePath: String { "/api/v1/things/\(id)" }
}

struct ListThings: Endpoint {
    typealias Response = [ThingView]

    static let operation = Operation("test.things.list", .get, "/api/v1/things", access: .everyone, summary: "Lists things.")

    let limit: Int?
    let name: String?

    func validate(_ check: inout Validation) {
        check("limit", limit, in: 1...100)
    }
}

struct ReadThing: Endpoint {
    typealias Response = ThingView

    static let operation = Operation(
        "test.things.read", .get, "/api/v1/things/{thing_id}", access: .everyone, summary: "Reads a thing.",
        aliases: [.init(.get, "/api/things/{thing_id}")]
    )

    let thingID: Identifier<Thing>

    enum CodingKeys: String, CodingKey {
        case thingID = "thing_id"
    }
}

struct ReadLatestThing: Endpoint {
    typealias Response = ThingView

    static let operation = Operation("test.things.latest", .get, "/api/v1/things/latest", access: .everyone, summary: "Reads the latest.")
}

struct CreateThing: Endpoint {
    typealias Response = ThingView

    static let operation = Operation(
        "test.things.create", .post, "/api/v1/things", success: .created, access: .signedIn, summary: "Makes a thing."
    )

    let name: String
    let note: String?

    func validate(_ check: inout Validation) {
        check("name", name, length: 1...20)
        check("note", note, length: 0...100_000)
    }
}

struct DeleteThing: Endpoint {
    typealias Response = NoContent

    static let operation = Operation(
        "test.things.delete", .delete, "/api/v1/things/{thing_id}", success: .noContent, access: .administrators,
        summary: "Deletes a thing."
    )

    let thingID: Identifier<Thing>

    enum CodingKeys: String, CodingKey {
        case thingID = "thing_id"
    }
}

struct BreakThing: Endpoint {
    typealias Response = NoContent

    static let operation = Operation("test.things.break", .post, "/api/v1/things/breakage", access: .everyone, summary: "Fails.")

    /// What fails.
    let how: String
}

/// An error that nobody foresaw; its text must never reach a client.
struct SecretFailure: Error, CustomStringConvertible {
    var description: String { "the password is swordfish" }
}

enum ThingError: String, DomainError {
    case taken = "thing.taken"
    case busy = "thing.busy"

    var kind: ErrorKind { self == .taken ? .conflict : .unavailable }
    var detail: String { "The thing is \(self == .taken ? "taken" : "busy")." }
    var conflicts: [ConflictDetail] { self == .taken ? [ConflictDetail(reason: "taken", unitsFree: 0)] : [] }
    var retryAfterMilliseconds: Int? { self == .busy ? 1_500 : nil }
}

extension API {
    static func things() -> API {
        var api = API(surface: Surface(name: "test"))
        api.register([ThingFeature()], on: Surface(name: "test"))
        return api
    }
}

private struct ThingFeature: Feature {
    func register(on api: inout API) {
        api.expose(ListThings.self) { request, _ in
            [ThingView(id: .init(1), name: request.name ?? "one", note: nil)]
        }
        api.expose(ReadThing.self) { request, _ in ThingView(id: request.thingID, name: "read", note: nil) }
        api.expose(ReadLatestThing.self) { _, _ in ThingView(id: .init(99), name: "latest", note: nil) }
        api.expose(CreateThing.self) { request, _ in ThingView(id: .init(2), name: request.name, note: request.note) }
        api.expose(DeleteThing.self) { _, _ in NoContent() }
        api.expose(BreakThing.self) { request, context in
            switch request.how {
            case "taken": throw ThingError.taken
            case "busy": throw ThingError.busy
            case "replay": context.replay.mark()
            default: throw SecretFailure()
            }
            return NoContent()
        }
    }
}

/// Knows three tokens: `member`, `admin` and one that has expired.
struct ThreeTokens: Authenticator {
    func authenticate(token: String) async throws -> SignedInCaller {
        switch token {
        case "member": caller(1, .employee)
        case "admin": caller(2, .admin)
        case "expired": throw AuthenticationError.expired
        default: throw AuthenticationError.invalid
        }
    }

    func reasonToRefuse(_: SignedInCaller) -> AuthenticationError? { nil }

    private func caller(_ id: Int64, _ role: Role) -> SignedInCaller {
        SignedInCaller(
            userID: .init(id), role: role, sessionID: .init(id), issuedAt: Instant(microseconds: 0), expiresAt: Instant(microseconds: .max)
        )
    }
}
