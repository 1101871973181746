import Accounts
import Client
import Core
import Gym
import ServerTesting
import Testing
import Wire

/// A day at the club in which everything happens once, written down answer by answer.
struct PrivacyScenario {
    let people = PrivatePerson.all
    private let server: TestServer
    private let transcript: Transcript
    private let venue: Venue
    private let slot: TimeSlot
    private var users: [TestUser] = []
    private var sockets: [(reader: PrivatePerson, channel: String, connection: LiveConnection)] = []

    private var quagga: TestUser { users[0] }
    private var zorilla: TestUser { users[1] }
    private var numbat: TestUser { users[2] }

    /// Three people register and sign in, the last becomes staff, and everybody watches what he may.
    init(_ server: TestServer, _ transcript: Transcript) async throws {
        self.server = server
        self.transcript = transcript
        venue = try await server.venue(VenueSketch(capacity: 2))
        slot = try await server.slot(at: venue)
        transcript.keepSecret(TestServer.adminPassword)
        for person in people { try await register(person) }
        for person in people { users.append(try await signIn(person)) }
        try await send("PUT", "/api/v1/users/\(numbat.id)", StaffChange(venue: venue), as: server.admin, mayName: true)
        users[2] = try await signIn(people[2])
        try await watch()
    }

    mutating func play() async throws {
        try await refusals()
        try await bookings()
        try await ownChanges()
        try await endings()
    }

    /// Reads every channel from its beginning, as each of its watchers was told it.
    mutating func collectEvents() async throws {
        for (reader, channel, connection) in sockets {
            let history = try? await connection.history(channel, limit: 300)
            for publication in history?.publications ?? [] {
                transcript.note(publication.data.text, from: channel, to: reader.username, mayName: channel.hasPrefix("ops:"))
            }
            await connection.close()
            do {
                for try await push in connection.pushes {
                    transcript.note("\(push)", from: push.channel, to: reader.username, mayName: push.channel.hasPrefix("ops:"))
                }
            } catch is ClosedConnection {
                // Those whose sign-in has ended were told so; what came before has been noted.
            }
        }
        #expect(transcript.entries.contains { $0.source == "ops:venue:\(venue.id)" && $0.text.contains(people[0].username) })
        #expect(transcript.entries.contains { $0.source == "calendar:venue:\(venue.id)" })
    }

    // MARK: What happens

    private func refusals() async throws {
        let person = people[1]
        let copy = ["username": people[0].username, "email": people[0].email, "password": person.password]
        try await send("POST", "/api/v1/users/register", copy, as: nil)
        try await send("POST", "/api/v1/users/register", ["username": "x", "email": person.email, "password": person.password], as: nil)
        try await send("POST", "/api/v1/users/register", ["username": person.username], as: nil)
        try await send("POST", "/api/v1/users/login", ["username": people[0].email, "password": person.password], as: nil)
        try await send("POST", "/api/v1/users/token", ["refresh_token": people[0].password], as: nil)
        try await send("PUT", "/api/v1/users/me", ["email": people[0].email], as: zorilla)
        try await send("PUT", "/api/v1/users/me", ["password": "Other-pass-9", "old_password": people[0].password], as: zorilla)
        for user in [zorilla, numbat] {
            try await send("GET", "/api/v1/users/\(quagga.id)", as: user)
            try await send("PUT", "/api/v1/users/\(quagga.id)", ["email": people[1].email], as: user)
            try await send("DELETE", "/api/v1/users/\(quagga.id)", as: user)
        }
        try await send("GET", "/api/v1/venues/\(venue.id)/operations?start_date=2026-07-01&end_date=2026-07-31", as: zorilla)
        try await send("GET", "/api/v1/nowhere/\(people[0].email)?token=\(quagga.token)", as: nil)
        try await send("GET", "/api/v1/venues?q=\(people[0].username)&limit=x", as: nil)
        try await send("GET", "/api/v1/users/me", as: nil, headers: [("Authorization", "Bearer \(quagga.token)x")])
        try await send("GET", "/api/v1/users/me", as: nil, headers: [("Authorization", "Basic \(people[0].password)")])
        try await send("POST", "/api/v1/reservations", ["time_slot_id": people[0].email], as: quagga)
    }

    private func bookings() async throws {
        for (user, key) in [(quagga, "first-key"), (zorilla, "second-key"), (numbat, "third-key")] {
            let headers = [("Idempotency-Key", key)]
            let body = ["time_slot_id": slot.id.rawValue]
            try await send("POST", "/api/v1/reservations", body, as: user, headers: headers)
            try await send("POST", "/api/v1/reservations", body, as: user, headers: headers)
            try await send("POST", "/api/reservations", body, as: user)
            try await send("GET", "/api/v1/reservations", as: user)
        }
        for id in 1...2 {
            for user in [quagga, zorilla] { try await send("GET", "/api/v1/reservations/\(id)", as: user) }
            try await send("DELETE", "/api/v1/reservations/\(id)", as: zorilla)
        }
        for user in [quagga, zorilla, nil] {
            try await send("GET", "/api/v1/venues", as: user)
            try await send("GET", "/api/v1/venues/\(venue.id)/calendar?start_date=2026-07-01&end_date=2026-07-31", as: user)
            try await send("GET", "/api/v1/venues/\(venue.id)/reservation-time-slots", as: user)
        }
        let conflict = #"{"start":"2026-07-02T10:00:00+08:00","end":"2026-07-02T11:00:00+08:00"}"#
        try await send("POST", "/api/v1/venues/\(venue.id)/check-conflict", RawJSON(conflict), as: zorilla)
        try await send("GET", "/api/v1/venues/\(venue.id)/operations?start_date=2026-07-01&end_date=2026-07-31", as: numbat, mayName: true)
        try await send("PATCH", "/api/v1/venues/\(venue.id)/status", ["status": "closed"], as: server.admin, mayName: true)
        try await send("GET", "/api/v1/reservations", as: quagga)
    }

    private func ownChanges() async throws {
        try await send("GET", "/api/v1/users/me", as: quagga)
        try await send("PUT", "/api/v1/users/me", ["phone": people[0].phone], as: quagga, headers: [("Idempotency-Key", "own-key")])
        let password = "quagga-Newer-88"
        transcript.keepSecret(password)
        try await send(
            "PUT", "/api/v1/users/me", ["password": password, "old_password": people[0].password], as: quagga,
            headers: [("Idempotency-Key", "password-key")]
        )
        try await refresh(quagga)
    }

    private func endings() async throws {
        try await send("POST", "/api/v1/users/logout", as: zorilla)
        try await send("GET", "/api/v1/users/me", as: zorilla)
        try await send("DELETE", "/api/v1/users/\(quagga.id)", as: server.admin, mayName: true)
        try await send("GET", "/api/v1/users/me", as: quagga)
        try await send("GET", "/openapi.json", as: nil)
        try await send("GET", "/readyz", as: nil)
    }

    private mutating func watch() async throws {
        for (person, user) in zip(people, users) {
            var channels = [VenueCalendar(venue: venue.id.rawValue).name]
            if user.id == numbat.id { channels.append(VenueOperations(venue: venue.id.rawValue).name) }
            for channel in channels + [PersonalChannel(user: user.id).name] {
                let connection = try await user.connect()
                if !channel.hasPrefix(PersonalChannel.namespace) {
                    let subscription = try await connection.subscribe(channel)
                    transcript.note("\(subscription)", from: channel, to: person.username)
                }
                transcript.note("\(String(describing: connection.established))", from: "connect", to: person.username)
                sockets.append((person, channel, connection))
            }
        }
    }

    // MARK: What is written down

    private func register(_ person: PrivatePerson) async throws {
        transcript.keepSecret(person.password)
        let body = ["username": person.username, "email": person.email, "phone": person.phone, "password": person.password]
        let answer = try await server.rest.post(
            "/api/v1/users/register", body: body, headers: [("Idempotency-Key", "register-\(person.phone.suffix(4))")])
        note(try answer.success(), from: "register", to: person.username)
    }

    private func signIn(_ person: PrivatePerson) async throws -> TestUser {
        let answer = try await server.rest.post("/api/v1/users/login", body: ["username": person.email, "password": person.password])
        keepTokens(of: answer, to: person.username)
        return try await server.signIn(person.username, password: person.password)
    }

    private func refresh(_ user: TestUser) async throws {
        let answer = try await user.refresh()
        keepTokens(of: try answer.success(), to: user.username)
        transcript.keepSecret(user.signIn.refreshToken ?? "no refresh token")
        transcript.keepSecret(user.token)
    }

    private func keepTokens(of answer: RESTResponse, to reader: String) {
        let source = "grant \(transcript.entries.count)"
        note(answer, from: source, to: reader)
        guard let grant = try? answer.decode(TokenGrant.self) else { return }
        transcript.keepSecret(grant.refreshToken, toldIn: source)
        transcript.keepSecret(grant.accessToken, toldIn: source)
    }

    private func send(
        _ method: String, _ path: String, _ body: (any Encodable)? = nil, as user: TestUser?, headers: [(String, String)] = [],
        mayName: Bool = false
    ) async throws {
        let bytes = try body.map { try JSONByteEncoder().encode($0) }
        let answer = try await (user?.rest ?? server.rest).send(method, path, body: bytes, headers: headers)
        #expect(answer.status < 500)
        note(answer, from: "\(method) \(path.prefix { $0 != "?" })", to: user?.username, mayName: mayName)
    }

    private func note(_ answer: RESTResponse, from source: String, to reader: String?, mayName: Bool = false) {
        let headers = answer.headers.map { "\($0.0): \($0.1)" }.joined(separator: "\n")
        transcript.note("\(answer.status)\n\(headers)\n\n\(answer.text)", from: source, to: reader, mayName: mayName)
    }
}

/// Makes somebody staff of a venue.
private struct StaffChange: Encodable {
    let role = Role.staff
    let places: [String]

    init(venue: Venue) { places = ["venue:\(venue.id)"] }
}
