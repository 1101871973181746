import Foundation
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Realtime
import Testing

@testable import Gateway

@Suite(.serialized, .timeLimit(.minutes(5))) struct TLSListenerTests {
    private static let logger = Logger(label: "tls") { _ in SwiftLogNoOpLogHandler() }

    private static func echo(_ journal: Journal = Journal()) -> UpgradeResolver {
        LoopbackServer.accepting { ScriptedDelegate(journal) { $0.sendText(Array("echo \($1)".utf8)) } }
    }

    /// Runs the body against an encrypting server with a certificate of its own.
    private static func run(
        configuration: WebSocketConfiguration = .init(), admission: Admission = Admission(.init()), sendBufferBytes: Int? = nil,
        resolve: @escaping UpgradeResolver = echo(), _ body: (Int, TestCertificate, TLSCertificates) async throws -> Void
    ) async throws {
        let certificate = try await TestCertificate.make()
        defer { certificate.remove() }
        let certificates = try TLSCertificates(certificate.settings, logger: logger)
        try await LoopbackServer.run(
            configuration: configuration, admission: admission, certificates: certificates, sendBufferBytes: sendBufferBytes,
            resolve: resolve
        ) { server in
            try await body(server.port, certificate, certificates)
        }
    }

    @Test func `a WebSocket is served encrypted`() async throws {
        try await Self.run { port, certificate, _ in
            try await TLSClient.webSocket(port: port, certificate.clientConfiguration()) { client in
                try await client.send(.text("one"), .ping("p"))
                #expect(try await client.next()?.text == "echo one")
                #expect(try await client.next()?.opcode == 0xA)
                try await client.send(.close(1000))
                #expect(try await client.next()?.closeCode == 1000)
                #expect(try await client.next() == nil)
            }
        }
    }

    @Test func `plain HTTP is served encrypted, and kept alive`() async throws {
        try await Self.run { port, certificate, _ in
            try await TLSClient.run(port: port, certificate.clientConfiguration()) { client in
                for path in ["/a", "/b"] {
                    try await client.send(Array("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
                    #expect(try await client.head().hasPrefix("HTTP/1.1 200 OK"))
                    #expect(try await client.text(count: 8) == "plain \(path)")
                }
            }
        }
    }

    @Test func `an answer that was refused arrives encrypted`() async throws {
        let resolve: UpgradeResolver = { _ in .refuse(.forbidden, reason: "No.") }
        try await Self.run(resolve: resolve) { port, certificate, _ in
            try await TLSClient.run(port: port, certificate.clientConfiguration()) { client in
                try await client.send(Array(RawWebSocket.handshake().utf8))
                #expect(try await client.head().hasPrefix("HTTP/1.1 403 "))
            }
        }
    }

    @Test func `an old version of TLS is refused`() async throws {
        try await Self.run { port, certificate, _ in
            var configuration = try certificate.clientConfiguration()
            configuration.minimumTLSVersion = .tlsv1
            configuration.maximumTLSVersion = .tlsv11
            await #expect(throws: (any Error).self) { try await TLSClient.webSocket(port: port, configuration) { _ in } }
            try await TLSClient.webSocket(port: port, certificate.clientConfiguration()) { _ in }
        }
    }

    @Test(arguments: ["GET /a HTTP/1.1\r\nHost: a\r\n\r\n", "\u{16}\u{3}\u{1}\u{0}\u{5}hello", "\0\0\0\0\0\0\0\0"])
    func `a client that does not speak TLS is refused without harm to others`(_ bytes: String) async throws {
        try await Self.run { port, certificate, _ in
            try await TLSClient.webSocket(port: port, certificate.clientConfiguration()) { client in
                let plain = try RawClient(port: port)
                try await plain.send(bytes)
                let answer = try await plain.receiveAll()
                #expect(answer.isEmpty || answer.first == 0x15)  // at most an alert
                plain.close()
                try await client.send(.text("still there"))
                #expect(try await client.next()?.text == "echo still there")
            }
        }
    }

    @Test func `a handshake that is never complete is not waited for`() async throws {
        var configuration = WebSocketConfiguration()
        configuration.headTimeout = .milliseconds(50)
        try await Self.run(configuration: configuration) { port, _, _ in
            let client = try RawClient(port: port)
            try await client.send([0x16, 0x03, 0x01, 0x02, 0x00])
            #expect(try await client.receiveAll().isEmpty)
            client.close()
        }
    }

    @Test func `a new certificate is shown to new connections, and the old ones go on`() async throws {
        try await Self.run { port, certificate, certificates in
            let old = try certificate.clientConfiguration()
            try await TLSClient.webSocket(port: port, old) { client in
                try await certificate.renew()
                // Nothing changes before it is told to.
                try await TLSClient.webSocket(port: port, old) { _ in }

                certificates.reload()
                try await client.send(.text("still there"))
                #expect(try await client.next()?.text == "echo still there")
                try await TLSClient.webSocket(port: port, certificate.clientConfiguration()) { _ in }
                await #expect(throws: (any Error).self) { try await TLSClient.webSocket(port: port, old) { _ in } }
            }
        }
    }

    @Test(arguments: ["certificate.pem", "key.pem"], ["", "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n"])
    func `files that can't be used leave the certificate that was`(_ name: String, _ content: String) async throws {
        try await Self.run { port, certificate, certificates in
            let trusted = try certificate.clientConfiguration()
            try Data(content.utf8).write(to: certificate.directory.appending(path: name))
            certificates.reload()
            try await TLSClient.webSocket(port: port, trusted) { _ in }
        }
    }

    @Test func `a key that belongs to another certificate leaves the certificate that was`() async throws {
        try await Self.run { port, certificate, certificates in
            let trusted = try certificate.clientConfiguration()
            let key = try Data(contentsOf: certificate.key)
            try await certificate.renew()
            try key.write(to: certificate.key)
            certificates.reload()
            try await TLSClient.webSocket(port: port, trusted) { _ in }
        }
    }

    @Test func `connections beyond those of one address are closed before any handshake`() async throws {
        try await Self.run(admission: Admission(.init(connectionsPerAddressMax: 1))) { port, certificate, _ in
            let configuration = try certificate.clientConfiguration()
            try await TLSClient.webSocket(port: port, configuration) { _ in
                let second = try RawClient(port: port)
                #expect(try await second.receiveAll().isEmpty)
                second.close()
            }
        }
    }

    @Test func `a peer that reads too slowly learns why it was closed`() async throws {
        let journal = Journal()
        var settings = WebSocketConfiguration()
        settings.queueBytesMax = 100_000
        settings.closeTimeout = .seconds(20)
        let configuration = settings
        let resolve = LoopbackServer.accepting {
            ScriptedDelegate(journal) { socket, _ in
                let frame = FrameWriter.frame(binary: .init(repeating: 1, count: 1_000))
                var queuedBytesMax = 0
                while socket.isOpen {
                    socket.send(frame: frame)
                    queuedBytesMax = max(queuedBytesMax, socket.queuedBytes)
                }
                journal.write(.note(queuedBytesMax <= 100_020 ? "bounded" : "unbounded: \(queuedBytesMax)"))
            }
        }
        try await Self.run(configuration: configuration, sendBufferBytes: 8_192, resolve: resolve) { port, certificate, _ in
            try await TLSClient.webSocket(port: port, certificate.clientConfiguration(), receiveBufferBytes: 4_096) { client in
                try await client.send(.text("go"), .ping("p"))
                await journal.wait(for: .note("bounded"))
                #expect(await journal.next() == .closed(3008))
                var last: ServerFrame?
                while let frame = try await client.next() {
                    last = frame
                    if frame.opcode == 0x8 { break }
                    #expect(frame.opcode == 0xA || frame.payload.count == 1_000)
                }
                #expect(last?.closeCode == 3008)
            }
        }
    }

    @Test func `nothing is written past the encryption`() async throws {
        var descriptors: [CInt] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &descriptors) == 0)
        let context = try NIOSSLContext(configuration: .makeClientConfiguration())
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).withConnectedSocket(descriptors[0]).get()
        let isOffered = try await channel.eventLoop.submit {
            let before = DirectSocket(channel: channel) != nil
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
            return (before, DirectSocket(channel: channel) != nil)
        }.get()
        #expect(isOffered == (true, false))
        try await channel.close()
        RawClient(descriptor: descriptors[1]).close()
    }
}
