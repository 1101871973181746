import Foundation
import NIOPosix

/// A certificate of this machine's loopback address, signed by itself and made for one test.
public struct TestCertificate: Sendable {
    private let directory: URL

    /// - Throws: errors of the file system, ``TestCertificateError/openssl(_:)``.
    public init(in directory: TestDirectory) async throws {
        self.directory = directory.url
        try await renew()
    }

    /// The certificate, in PEM, which also serves as what a client trusts.
    public var certificateFile: String { directory.appending(path: "certificate.pem").path }
    public var keyFile: String { directory.appending(path: "key.pem").path }

    /// Makes another one in the same files.
    ///
    /// - Throws: ``TestCertificateError/openssl(_:)``.
    public func renew() async throws {
        let openssl = try ChildProcess(
            "/usr/bin/env",
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", keyFile, "-out", certificateFile,
            ],
            environment: ProcessInfo.processInfo.environment, on: MultiThreadedEventLoopGroup.singleton.any()
        ) { _ in }
        let ending = try await openssl.ended.get()
        guard ending == .exited(status: 0) else { throw TestCertificateError.openssl(ending) }
    }

    /// A copy of the certificate that outlives the next ``renew()``.
    ///
    /// - Throws: errors of the file system.
    public func copy(named name: String) throws -> String {
        let copy = directory.appending(path: name)
        try FileManager.default.copyItem(atPath: certificateFile, toPath: copy.path)
        return copy.path
    }
}

/// Why there is no certificate.
public enum TestCertificateError: Error {
    case openssl(ServerProcess.Ending)
}
