import ArgumentParser
import Server

/// Prints the list of all endpoints.
struct Endpoints: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the list of all endpoints.")

    func run() async throws {
        print(try await Server.endpointList(), terminator: "")
    }
}

/// Prints the OpenAPI document.
struct OpenAPI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "openapi", abstract: "Print the OpenAPI document.")

    func run() async throws {
        print(String(decoding: try await Server.openAPIDocument(), as: UTF8.self))
    }
}
