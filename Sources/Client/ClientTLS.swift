import NIOCore
import NIOSSL

/// How an encrypting server proves to a client who it is.
public struct ClientTLS: Hashable, Sendable {
    /// A file in PEM with the certificates that are trusted; nil trusts those that the system trusts.
    public var trustRootsFile: String?

    public init(trustRootsFile: String? = nil) {
        self.trustRootsFile = trustRootsFile
    }

    var configuration: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let trustRootsFile { configuration.trustRoots = .file(trustRootsFile) }
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }

    /// Makes the first handler of a connection, on its event loop. The file is read here and now, so not on an event loop.
    ///
    /// - Parameter host: a name, or an address that the certificate then has to name.
    /// - Throws: errors of NIOSSL, when the file can't be used.
    func handlerMaker(host: String) throws -> @Sendable () throws -> NIOSSLClientHandler {
        let context = try NIOSSLContext(configuration: configuration)
        // Server name indication knows no addresses (RFC 6066, section 3).
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return { try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host) }
    }
}
