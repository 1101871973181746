import Logging
import NIOCore
import NIOSSL
import Synchronization

/// The certificate that new connections are shown: it can be replaced while those that stand go on with theirs.
final class TLSCertificates: Sendable {
    private let settings: TLSSettings
    private let context: Mutex<NIOSSLContext>
    private let logger: Logger

    /// Reads the files, so not to be called on an event loop.
    ///
    /// - Throws: errors of the file system and of NIOSSL when they can't be used.
    init(_ settings: TLSSettings, logger: Logger) throws {
        self.settings = settings
        self.logger = logger
        context = Mutex(try Self.load(settings))
    }

    /// Reads the files again, so not to be called on an event loop. Files that can't be used change nothing and are logged.
    func reload() {
        do {
            let loaded = try Self.load(settings)
            context.withLock { $0 = loaded }
            logger.info("certificate reloaded", metadata: ["tls.certificate": "\(settings.certificateFile)"])
        } catch {
            logger.error(
                "certificate not reloaded", metadata: ["tls.certificate": "\(settings.certificateFile)", "error.message": "\(error)"]
            )
        }
    }

    /// The first handler of a connection: bytes are encrypted below it and plain above.
    func makeHandler() -> NIOSSLServerHandler {
        NIOSSLServerHandler(context: context.withLock { $0 })
    }

    private static func load(_ settings: TLSSettings) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(settings.certificateFile).map { NIOSSLCertificateSource.certificate($0) }
        let key = try NIOSSLPrivateKey(file: settings.keyFile, format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }
}
