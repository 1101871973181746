import Core
import Foundation
import Testing

@testable import Gateway

@Suite struct DocumentTests {
    @Test func `the API document shows requests as they are sent`() async throws {
        try await ThingServer.run { server in
            let answer = try await server.send("GET", "/openapi.json")
            #expect(answer.status == 200)
            let document = try #require(answer.json)
            #expect(document["openapi"] as? String == "3.1.0")
            let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
            let list = try #require(paths["/api/v1/things"]?["get"])
            let parameters = try #require(list["parameters"] as? [[String: Any]])
            #expect(parameters.compactMap { $0["name"] as? String } == ["limit", "name"])
            #expect((parameters.first?["schema"] as? [String: Any])?["maximum"] as? Int == 100)
            let create = try #require(paths["/api/v1/things"]?["post"])
            #expect(create["requestBody"] != nil)
            #expect(create["operationId"] as? String == "test.things.create")
            #expect((create["security"] as? [Any])?.count == 1)
            #expect(paths["/api/v1/things/{thing_id}"]?["delete"]?["x-roles"] as? [String] == ["admin", "superadmin"])
            #expect(paths["/api/things/{thing_id}"]?["get"]?["deprecated"] as? Bool == true)
        }
    }

    @Test(.enabled(if: ForeignValidator.isInstalled)) func `the API document passes a validator of another house`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "openapi-\(UInt64.random(in: 0 ... .max)).json")
        try Data(OpenAPIDocument(describing: .things(), version: "0.1.0").bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(ForeignValidator.run(file.path) == 0)
    }

    @Test func `the list of endpoints is sorted and names every address`() {
        #expect(
            EndpointList.text(of: .things()) == """
                GET /api/things/{thing_id}  test.things.read  public  deprecated
                GET /api/v1/things  test.things.list  public
                POST /api/v1/things  test.things.create  signed-in
                POST /api/v1/things/breakage  test.things.break  public
                GET /api/v1/things/latest  test.things.latest  public
                DELETE /api/v1/things/{thing_id}  test.things.delete  administrators
                GET /api/v1/things/{thing_id}  test.things.read  public

                """
        )
    }

    @Test func `without its files Swagger UI is not there and says why`() async throws {
        try await ThingServer.run { server in
            let answer = try await server.send("GET", "/docs")
            #expect(answer.status == 404)
            #expect(answer.code == "docs.assets_missing")
        }
    }

    @Test func `Swagger UI comes from files of this machine alone`() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "swagger-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for name in ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png", "secret.txt"] {
            try Data("content of \(name)".utf8).write(to: directory.appending(path: name))
        }
        var configuration = GatewayConfiguration()
        configuration.documentsDirectory = directory.path
        try await ThingServer.run(configuration) { server in
            let index = try await server.send("GET", "/docs")
            #expect(index.status == 200)
            #expect(index["content-security-policy"]?.contains("script-src 'self'") == true)
            #expect(!index.body.contains("http"))
            let script = try await server.send("GET", "/docs/swagger-ui-bundle.js")
            #expect(script.body == "content of swagger-ui-bundle.js")
            #expect(script["content-type"] == "text/javascript; charset=utf-8")
            #expect(script["x-content-type-options"] == "nosniff")
            for path in ["/docs/secret.txt", "/docs/../secret.txt", "/docs/%2e%2e/secret.txt", "/docs/start.js/../secret.txt"] {
                #expect(try await server.send("GET", path).status == 404)
            }
        }
    }
}

/// `openapi-spec-validator` of PyPI, where it is installed.
private enum ForeignValidator {
    static let isInstalled = run("--version") == 0

    static func run(_ argument: String) -> Int32? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-m", "openapi_spec_validator", argument]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            return nil
        }
        process.waitUntilExit()
        return process.terminationStatus
    }
}
