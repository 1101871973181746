import ArgumentParser
import Engine
import Foundation
import Server

/// Serves the real-time engine alone until SIGTERM.
struct Realtime: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the real-time engine alone, without the booking domain, until SIGTERM.")

    @Option(help: "The configuration file, JSON; docs/realtime.md lists its keys.") var config: String
    @Option(help: "The address to listen at, in place of the file's.") var host: String?
    @Option(help: "The port to listen at, in place of the file's; 0 lets the system choose.") var port: UInt16?

    func run() async throws {
        var configuration = try EngineConfiguration(json: Data(contentsOf: URL(filePath: config)))
        if let host { configuration.host = host }
        if let port { configuration.port = Int(port) }
        let address = configuration.host
        try await Engine(configuration).run {
            await OperatorSignals.services(beside: $0)
        } onStarted: { start, _ in
            print("listening on http://\(address):\(start.port)")
            flushOutput()
        }
    }
}
