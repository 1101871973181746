import SeededRandom
import Testing
import Wire

/// Frames that were tampered with, in both forms and both directions: each is refused or read, and what is read means the same again.
@Suite(.timeLimit(.minutes(2))) struct CodecFuzzTests {
    @Test(arguments: [CodecPair.json, .protobuf])
    func `20,000 mutated frames of commands are refused or understood`(codecs: CodecPair) throws {
        var generator = SplitMix64(seed: 31)
        var random = RandomMessages(seed: 32)
        var accepted = 0
        for round in 0..<20_000 {
            let count = generator.number(in: 1...3)
            let commands = (0..<count).map { random.command(kind: (round + $0) % RandomMessages.kindsOfCommand) }
            let frame = mutated(codecs.client.encode(commands), &generator)
            guard let read = try? decodeCommands(frame, codecs.server) else { continue }
            accepted += 1
            #expect(read.count <= frame.count)
            let again = codecs.client.encode(read)
            #expect(again.count <= frame.count * 2 + 64, "\(frame)")
            #expect(try decodeCommands(again, codecs.server) == read, "\(frame)")
            // What was read from one form can be said in the other.
            for other in [CodecPair.json, .protobuf] {
                #expect(try decodeCommands(other.client.encode(read), other.server) == read, "\(frame)")
            }
        }
        #expect(accepted > 1_000)
    }

    @Test(arguments: [CodecPair.json, .protobuf])
    func `20,000 mutated frames of a server are refused or understood`(codecs: CodecPair) throws {
        var generator = SplitMix64(seed: 33)
        var random = RandomMessages(seed: 34)
        var accepted = 0
        for round in 0..<20_000 {
            let message = random.message(kind: round % RandomMessages.kindsOfMessage)
            let frame = mutated(encode([message], codecs.server), &generator)
            guard let read = try? decodeMessages(frame, codecs.client) else { continue }
            accepted += 1
            #expect(try decodeMessages(encode(read, codecs.server), codecs.client) == read, "\(frame)")
        }
        #expect(accepted > 1_000)
    }

    @Test(arguments: [CodecPair.json, .protobuf] + CodecPair.unidirectional)
    func `random bytes are refused or understood`(codecs: CodecPair) {
        var generator = SplitMix64(seed: 35)
        for _ in 0..<20_000 {
            var frame = (0..<generator.number(in: 1...64)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            // A right length lets the rest through to where messages are read.
            if !codecs.server.isText, frame.count > 1 { frame[0] = UInt8(frame.count - 1) }
            guard let read = try? decodeCommands(frame, codecs.server) else { continue }
            #expect(read.count <= frame.count)
        }
    }

    private func mutated(_ frame: [UInt8], _ generator: inout SplitMix64) -> [UInt8] {
        var frame = frame
        for _ in 0..<generator.number(in: 1...3) where !frame.isEmpty {
            let place = generator.number(in: 0...frame.count - 1)
            switch generator.number(in: 0...5) {
            case 0: frame[place] = UInt8(truncatingIfNeeded: generator.next())
            case 1: frame[place] ^= 1 << UInt8(generator.number(in: 0...7))
            case 2: frame.insert(generator.pick([0, 1, 0x7F, 0x80, 0xFF, 0x0A, 0x22, 0x5C, 0x7B, 0x7D]) ?? 0, at: place)
            case 3: frame.remove(at: place)
            case 4: frame.removeSubrange(place...)
            default:
                let end = generator.number(in: place...min(frame.count, place + 16))
                frame.insert(contentsOf: frame[place..<end], at: generator.number(in: 0...frame.count))
            }
        }
        return frame
    }
}
