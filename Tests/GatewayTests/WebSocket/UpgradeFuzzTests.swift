import NIOCore
import SeededRandom
import Testing

@testable import Gateway

@Suite(.serialized, .timeLimit(.minutes(5))) struct UpgradeFuzzTests {
    private static let extra =
        "Origin: http://localhost\r\nSec-WebSocket-Protocol: a, b\r\n"
        + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"

    @Test(arguments: 0..<6)
    func `mutated handshakes are answered or dropped, and hurt nobody`(_ seed: Int) async throws {
        var random = SplitMix64(seed: UInt64(seed))
        var requests = (0..<60).map { _ in Self.mutated(&random) }
        requests.append(Array(RawWebSocket.handshake(extra: Self.extra).utf8))
        let journal = Journal()
        let resolve = LoopbackServer.accepting { ScriptedDelegate(journal) { $0.sendText(Array($1.utf8)) } }
        try await LoopbackServer.run(resolve: resolve) { server in
            var bystander = try await RawWebSocket(port: server.port)
            for (number, request) in requests.enumerated() {
                let client = try RawClient(port: server.port)
                // The server may have had enough of it before all is sent.
                try? await client.send(request)
                client.closeOutput()
                let answer = try await client.receiveAll()
                #expect(answer.isEmpty || answer.starts(with: "HTTP/1.1 ".utf8), "\(String(decoding: request, as: UTF8.self))")
                client.close()
                if number % 20 == 0 {
                    try await bystander.client.send(.text("\(number)"))
                    #expect(try await bystander.next()?.text == "\(number)")
                }
            }
            bystander.client.close()
        }
    }

    @Test(arguments: 0..<20)
    func `the end of a head is found in pieces where it is found at once`(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let alphabet: [UInt8] = [10, 10, 13, 13, 32, 58, 65]
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in alphabet[Int.random(in: 0..<7, using: &random)] }
            let whole = RequestHead.end(in: ByteBuffer(bytes: bytes).readableBytesView, from: 0)
            var found: Int?
            var searched = 0
            for count in 0...bytes.count where found == nil {
                let view = ByteBuffer(bytes: bytes[..<count]).readableBytesView
                found = RequestHead.end(in: view, from: searched)
                searched = max(0, count - 3)
            }
            #expect(found == whole, "\(bytes)")
        }
    }

    private static func mutated(_ random: inout SplitMix64) -> [UInt8] {
        var bytes = Array(RawWebSocket.handshake(extra: Self.extra).utf8)
        for _ in 0..<Int.random(in: 1...5, using: &random) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[index] = .random(in: 0...255, using: &random)
            case 2: bytes.remove(at: index)
            case 3: bytes.removeSubrange(index...)
            case 4: bytes.insert(contentsOf: Array("\r\n".utf8), at: index)
            case 5: bytes.insert(contentsOf: bytes[index...].prefix(200), at: index)
            case 6: bytes.insert(contentsOf: [UInt8](repeating: bytes[index], count: 40_000), at: index)
            default: bytes.insert(.random(in: 0...255, using: &random), at: index)
            }
        }
        return bytes
    }
}
