import SeededRandom
import Testing
import Wire

@Suite struct EquivalenceTests {
    @Test func `2,600 random commands mean the same in both forms`() throws {
        var random = RandomMessages(seed: 21)
        for round in 0..<200 {
            let commands = (0..<RandomMessages.kindsOfCommand).map { random.command(kind: $0) }
            for codecs in [CodecPair.json, .protobuf] {
                #expect(try decodeCommands(codecs.client.encode(commands), codecs.server) == commands, "round \(round)")
            }
        }
    }

    @Test func `4,400 random replies and pushes mean the same in both forms`() throws {
        var random = RandomMessages(seed: 22)
        for round in 0..<200 {
            let messages = (0..<RandomMessages.kindsOfMessage).map { random.message(kind: $0) }
            for codecs in [CodecPair.json, .protobuf] {
                #expect(try decodeMessages(encode(messages, codecs.server), codecs.client) == messages, "round \(round)")
            }
        }
    }

    @Test(arguments: CodecPair.unidirectional)
    func `random pushes mean the same on a unidirectional connection`(codecs: CodecPair) throws {
        var random = RandomMessages(seed: 23)
        for _ in 0..<200 {
            let messages = (12..<RandomMessages.kindsOfMessage).map { random.message(kind: $0) }
            #expect(try decodeMessages(encode(messages, codecs.server), codecs.client) == messages)
        }
    }
}
