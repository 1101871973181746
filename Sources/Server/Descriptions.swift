import Accounts
import Booking
import Core
import Foundation
import Gateway
import Gym
import Rooms
import Storage

extension Server {
    /// Method, path, operation and access of every endpoint at the main port, a line each; what `protocol/endpoints.txt` holds.
    public static func endpointList() async throws -> String {
        try await describing { EndpointList.text(of: $0) }
    }

    /// The OpenAPI document as the main port's `/openapi.json` serves it.
    public static func openAPIDocument() async throws -> [UInt8] {
        try await describing { try OpenAPIDocument(describing: $0, version: version).bytes }
    }

    /// The registry needs services and those a database; one in a temporary file will do.
    private static func describing<Description>(_ describe: (API) throws -> Description) async throws -> Description {
        let directory = FileManager.default.temporaryDirectory.appending(path: "ringside-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let location = DatabaseLocation.sqlite(path: directory.appending(path: "describe.sqlite").path)
        let database = try Database.open(location, time: SystemTime(), committed: EventOutlet())
        let accounts = AccountService(
            database: database, hasher: PasswordHasher(cost: .minimal), tokens: await AccessTokens(secret: try await .load(database))
        )
        let timeZones = TimeZoneDatabase([:])
        let gym = Gym(database: database, timeZones: timeZones, cachedAnswersMax: 0)
        let rooms = Rooms(database: database, accounts: accounts, timeZones: timeZones)
        let jobs = DeadJobService(database: database)
        let description = Result { try describe(api(accounts: accounts, gym: gym, rooms: rooms, jobs: jobs).serving(mounts)) }
        await database.close()
        return try description.get()
    }
}
