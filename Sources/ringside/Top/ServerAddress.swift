import ArgumentParser
import Client
import Foundation

/// Where a server is, as people write it: `http://127.0.0.1:8080`.
struct ServerAddress: ExpressibleByArgument {
    let host: String
    let port: Int
    let isEncrypted: Bool

    init(host: String, port: Int) {
        self.host = host
        self.port = port
        isEncrypted = false
    }

    init?(argument: String) {
        guard let url = URLComponents(string: argument), url.scheme == "http" || url.scheme == "https", let host = url.host, !host.isEmpty
        else { return nil }
        self.host = host
        isEncrypted = url.scheme == "https"
        port = url.port ?? (isEncrypted ? 443 : 80)
    }

    /// As the help shows it.
    var defaultValueDescription: String { "\(isEncrypted ? "https" : "http")://\(host):\(port)" }
}
