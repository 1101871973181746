import Client
import Club
import Foundation
import Server
import Wire

/// Fills an empty database with a club of a few days around today, and says what there is to try.
enum GeneratedClubGreeting {
    /// For the accounts of a club on loopback that anybody may throw away.
    private static let password = "Ringside-demo-1"

    static func fillAndGreet(_ configuration: Configuration, _ started: Server.Started) async {
        do {
            let club = try await RESTClient.run(host: configuration.host, port: started.port) { rest in
                try await fill(configuration, started, rest)
            }
            greet(at: "\(configuration.host):\(started.port)", freeSlotID: club?.freeSlotIDs.first)
        } catch {
            print("the club could not be made: \(error)")
        }
        flushOutput()
    }

    /// - Returns: nil where a club is there already; only on first start is the administrator's password known.
    private static func fill(_ configuration: Configuration, _ started: Server.Started, _ rest: RESTClient) async throws -> SeededClub? {
        guard let adminPassword = started.generatedPassword ?? configuration.adminPassword else { return nil }
        print("filling the club; hashing the members' passwords takes a moment")
        flushOutput()
        let admin = try await rest.login(username: configuration.adminUsername, password: adminPassword)
        let shanghaiSeconds = 8 * 3_600.0
        let today = LocalDate(daysSinceEpoch: Int(((Date.now.timeIntervalSince1970 + shanghaiSeconds) / 86_400).rounded(.down)))
        return try await ClubSeeder(rest: rest, adminToken: admin.accessToken, today: today, password: password).seed()
    }

    private static func greet(at address: String, freeSlotID: Int64?) {
        print(
            """

            Ringside serves a club of six venues.
              API            http://\(address)/docs   (document: /openapi.json)
              Live           ws://\(address)/connection/websocket   (Centrifuge protocol, JSON)
              Notifications  ws://\(address)/ws/notifications?token=<access token>
              Health         http://\(address)/healthz   http://\(address)/readyz

            Accounts, all with the password \(password):
              demo_employee   demo_leader   demo_staff   demo_admin

            To try:
              curl -s http://\(address)/api/v1/venues
              curl -s http://\(address)/api/v1/venues/3/calendar
              curl -s -H 'Content-Type: application/json' http://\(address)/api/v1/users/login \\
                   -d '{"username":"demo_employee","password":"\(password)"}'
              curl -s -H 'Content-Type: application/json' -H "Authorization: Bearer $TOKEN" http://\(address)/api/v1/reservations \\
                   -d '{"time_slot_id":\(freeSlotID.map(String.init) ?? "<id of a slot from the calendar>")}'
            """
        )
    }
}
