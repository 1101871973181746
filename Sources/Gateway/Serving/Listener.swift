import Core
import Foundation
import NIOCore
import ServiceLifecycle

/// A port, and what is served there beside the sockets, health, figures and documents that every port has.
public struct Listener: Sendable {
    /// The option that sets its port, `--port`: what an error at the start calls it.
    public let option: String
    /// Zero lets the system choose one.
    public let port: Int
    public let api: API
    public let plainEndpoints: [PlainEndpoint]

    public init(option: String, port: Int, api: API, plainEndpoints: [PlainEndpoint] = []) {
        self.option = option
        self.port = port
        self.api = api
        self.plainEndpoints = plainEndpoints
    }
}

/// Another program listens where the server was told to.
public struct PortInUse: Error, CustomStringConvertible {
    public let option: String
    public let host: String
    public let port: Int

    public var description: String {
        "\(option): another program listens at \(host):\(port); choose another port, or 0 for any that is free"
    }
}

/// Accepts connections at one port.
struct ListeningService: Service {
    let server: any Service
    let listener: Listener
    let host: String

    /// - Throws: ``PortInUse``, or why the address can't be bound.
    func run() async throws {
        do {
            try await server.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw PortInUse(option: listener.option, host: host, port: listener.port)
        }
    }
}

/// As the log of the life cycle names it.
extension ListeningService: CustomStringConvertible {
    var description: String { "ListeningService(\(listener.option))" }
}
