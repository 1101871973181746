import Client
import Foundation
import Gateway
import Rooms
import Server
import ServerTesting
import Testing
import Wire

@Suite(.timeLimit(.minutes(2))) struct RoomsListenerTests {
    @Test func `the meeting rooms have a port of their own with health, documents and sockets`() async throws {
        try await TestServer.run { server in
            let port = try #require(server.roomsPort)
            #expect(port != server.port)
            try await RESTClient.run(port: port) { client in
                #expect(try await client.get("/healthz").status == 200)
                #expect(try await client.get("/readyz").status == 200)
                let document = try await client.get("/openapi.json").success().decode(Document.self)
                #expect(document.servers.map(\.url) == ["/api"])
                #expect(document.tags.map(\.name) == ["rooms"])
                #expect(document.paths.keys.contains("/reservations/{id}") && !document.paths.keys.contains { $0.hasPrefix("/api") })

                // One sign-in for both ports.
                let login = try await client.post("/api/auth/login", body: ["username": "root", "password": TestServer.adminPassword])
                #expect(login.status == 200)
                let room = try await server.room()
                let own = client.with(token: server.admin.token)
                #expect(try await own.get("/api/rooms/\(room.id)").payload(Room.self) == room)
                #expect(try await own.get("/api/v1/venues").status == 404)

                let connection = try await LiveConnection.connect(port: port, token: server.admin.token, positions: [:])
                let subscription = try await connection.subscribe("calendar:room:\(room.id)")
                let watch = Watch(connection: connection, channel: "calendar:room:\(room.id)", subscription: subscription)
                _ = try await server.admin.booked(room.id, "2026-07-02T09:00:00Z", "2026-07-02T10:00:00Z")
                #expect(try await watch.next(OccupationTaken.self).occupation.label == "Planning")
                await connection.close()
            }
        }
    }

    @Test func `without a port of their own the meeting rooms are at the main one`() async throws {
        try await TestServer.run(adjust: { $0.roomsPort = nil }) { server in
            #expect(server.roomsPort == nil)
            #expect(try await server.admin.meet("GET", "/rooms").status == 200)
            let document = try await server.rest.get("/openapi.json").success().decode(Document.self)
            #expect(document.tags.map(\.name) == ["gym", "rooms"])
            #expect(document.paths["/reservations/{id}"]?.servers?.map(\.url) == ["/meeting/api"])
        }
    }

    @Test func `a port that is taken keeps the server from starting and says which`() async throws {
        try await TestServer.run { server in
            let directory = try TestDirectory()
            defer { directory.remove() }
            let taken = try #require(server.roomsPort)
            let configuration = try Configuration(
                ServeOptions(port: "0", roomsPort: "\(taken)", database: directory.databaseURL, loops: "1", logLevel: "critical"),
                environment: ["RINGSIDE_ADMIN_PASSWORD": TestServer.adminPassword]
            )
            let error = await #expect(throws: PortInUse.self) {
                try await Server(configuration, logger: LogLedger().logger).serve { _ in }
            }
            #expect(error?.option == "--rooms-port" && error?.port == taken)
        }
    }

    private struct Document: Decodable {
        struct Server: Decodable { let url: String }
        struct Tag: Decodable { let name: String }
        struct Path: Decodable { let servers: [Server]? }

        let servers: [Server]
        let tags: [Tag]
        let paths: [String: Path]
    }
}
