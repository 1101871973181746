import Foundation
import NIOSSL

@testable import Gateway

/// A certificate of this machine's loopback address, signed by itself and made for one test.
struct TestCertificate {
    enum Failure: Error {
        case openssl(status: Int32)
    }

    let directory: URL
    var certificate: URL { directory.appending(path: "certificate.pem") }
    var key: URL { directory.appending(path: "key.pem") }
    var settings: TLSSettings { TLSSettings(certificateFile: certificate.path, keyFile: key.path) }

    static func make() async throws -> TestCertificate {
        let directory = FileManager.default.temporaryDirectory.appending(path: "ringside-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let made = TestCertificate(directory: directory)
        try await made.renew()
        return made
    }

    /// Another one in the same files.
    func renew() async throws {
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
            "/CN=test",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key.path, "-out", certificate.path,
        ]
        openssl.standardOutput = FileHandle.nullDevice
        openssl.standardError = FileHandle.nullDevice
        let status = try await withCheckedThrowingContinuation { continuation in
            openssl.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try openssl.run()
            } catch {
                continuation.resume(throwing: error)
            }
        }
        guard status == 0 else { throw Failure.openssl(status: status) }
    }

    /// A client that trusts what the files hold now and nobody else.
    func clientConfiguration() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(certificate.path))
        configuration.applicationProtocols = ["h2", "http/1.1"]
        return configuration
    }

    func remove() {
        try? FileManager.default.removeItem(at: directory)
    }
}
