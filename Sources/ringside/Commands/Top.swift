import ArgumentParser
import Client
import Foundation
import NIOCore
import Server

/// Shows a running server's figures, refreshed in place.
struct Top: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show a running server's figures, refreshed each second, until interrupted.")

    @Option(help: "The server; it has to show its figures to this machine, see --metrics of serve.")
    var url = ServerAddress(host: "127.0.0.1", port: 8_080)
    @Flag(help: "Print the figures once, as they are; so it is, too, where the output is no terminal.") var once = false

    func run() async throws {
        try await RESTClient.run(host: url.host, port: url.port, tls: url.isEncrypted ? ClientTLS() : nil, watch)
    }

    private func watch(_ client: RESTClient) async throws {
        guard Terminal.isScreen, !once else {
            let screen = TopScreen(url: client.baseURL, columns: .max, rows: .max)
            print(screen.lines(try await scrape(client), since: nil, seconds: 0, unixTime: Self.unixTime).joined(separator: "\n"))
            return
        }
        Terminal.clear()
        var last: (scrape: Scrape, time: NIODeadline)?
        for await time in EverySecond.beats() {
            let size = Terminal.size
            do {
                let scrape = try await scrape(client)
                let seconds = last.map { Double((time - $0.time).nanoseconds) / 1_000_000_000 } ?? 0
                // The last row is the cursor's.
                let screen = TopScreen(url: client.baseURL, columns: size.columns, rows: size.rows - 1)
                Terminal.redraw(screen.lines(scrape, since: last?.scrape, seconds: seconds, unixTime: Self.unixTime))
                last = (scrape, time)
            } catch {
                // It may be about to come back.
                last = nil
                Terminal.redraw(["\(client.baseURL): \(error)"])
            }
        }
    }

    private func scrape(_ client: RESTClient) async throws -> Scrape {
        let answer = try await client.send("GET", "/metrics", timeLimit: .seconds(5)).success()
        guard let scrape = Scrape(answer.text) else { throw ClientError.unexpectedMessage }
        return scrape
    }

    private static var unixTime: Double { Date().timeIntervalSince1970 }
}
