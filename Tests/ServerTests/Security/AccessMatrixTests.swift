import Client
import Foundation
import Server
import ServerTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct AccessMatrixTests {
    @Test func `every address answers nobody, members, administrators and stale tokens as its access says`() async throws {
        let addresses = try await Address.all()
        #expect(addresses.count > 40)
        try await TestServer.run { server in
            let expired = try await server.member("expired").token
            server.time.advance(bySeconds: 900)
            let left = try await server.member("left")
            try await left.logOut().success()
            _ = try await server.member("ana")

            for address in addresses {
                func status(_ token: String?) async throws -> Int {
                    try await server.rest.with(token: token).send(address.method, address.path).status
                }
                // Somebody new each time: one of the addresses ends the sign-in.
                let nobody = try await status(nil)
                let member = try await status(try await server.signIn("ana").token)
                let administrator = try await status(
                    try await server.signIn(TestServer.adminName, password: TestServer.adminPassword).token
                )

                #expect(try await status(expired) == 401, "\(address)")
                #expect(try await status(left.token) == 401, "\(address)")
                #expect(try await status("forged") == 401, "\(address)")
                #expect(max(nobody, member, administrator) < 500, "\(address)")
                #expect(![401, 403].contains(administrator), "\(address)")
                switch address.access {
                case "public":
                    #expect(![401, 403].contains(nobody), "\(address)")
                    #expect(member == nobody, "\(address)")
                case "signed-in":
                    #expect(nobody == 401, "\(address)")
                    // Whom a place's people are shown is asked of the place.
                    #expect(member != 401 && (member != 403 || address.path.hasSuffix("/operations")), "\(address)")
                case "administrators":
                    #expect(nobody == 401, "\(address)")
                    #expect(member == 403, "\(address)")
                default: Issue.record("unknown access \(address)")
                }
            }
        }
    }

    @Test func `the API document asks for a token exactly where the server does`() async throws {
        let addresses = try await Address.all()
        try await TestServer.run { server in
            let document: Document = try await server.rest.get("/openapi.json").success().decode()

            for address in addresses where !address.isAlias {
                let operation = document.operation(address.method, address.pattern)
                #expect(operation?.security?.isEmpty == (address.access == "public"), "\(address)")
            }
        }
    }

    private struct Document: Decodable {
        struct Operation: Decodable {
            let security: [[String: [String]]]?
        }

        /// A path that says where its server is lies below that.
        struct Path: Decodable {
            struct Server: Decodable {
                let url: String
            }

            let servers: [Server]?
            let get: Operation?
            let post: Operation?
            let put: Operation?
            let patch: Operation?
            let delete: Operation?
        }

        let paths: [String: Path]

        func operation(_ method: String, _ address: String) -> Operation? {
            let path = paths.first { (($0.value.servers?.first?.url ?? "") + $0.key) == address }?.value
            return switch method {
            case "GET": path?.get
            case "POST": path?.post
            case "PUT": path?.put
            case "PATCH": path?.patch
            case "DELETE": path?.delete
            default: nil
            }
        }
    }

    /// A line of the endpoint list.
    private struct Address: Sendable {
        let method: String
        let pattern: String
        let access: String
        let isAlias: Bool

        /// With ids that nothing has.
        var path: String { pattern.replacing(/\{[a-z_]+\}/, with: "999999") }

        static func all() async throws -> [Address] {
            try await Server.endpointList().split(separator: "\n").map { line in
                let words = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
                try #require(words.count >= 4)
                return Address(method: words[0], pattern: words[1], access: words[3], isAlias: words.last == "deprecated")
            }
        }
    }
}
