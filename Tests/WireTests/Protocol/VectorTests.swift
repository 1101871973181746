import ForeignPrograms
import Foundation
import Testing
import Wire

/// The golden files: what they hold is what the codecs write, and what the codecs read is what they hold. `make vectors` writes them anew.
@Suite struct VectorTests {
    private static let isWriting = ProcessInfo.processInfo.environment["RINGSIDE_WRITE_VECTORS"] == "1"
    private static let pushes = everyMessage.filter { if case .reply = $0 { false } else { true } }

    private func check(_ text: String, against path: String) throws {
        let file = Repository.file("protocol/vectors/\(path)")
        if Self.isWriting { try Data(text.utf8).write(to: file) }
        #expect(
            String(decoding: try Data(contentsOf: file), as: UTF8.self) == text, "\(path) is out of date: `make vectors` writes it anew")
    }

    private func read<Entry: Decodable>(_ path: String, as type: [Entry].Type = [Entry].self) throws -> [Entry] {
        try JSONDecoder().decode(type, from: Data(contentsOf: Repository.file("protocol/vectors/\(path)")))
    }

    @Test func `commands`() throws {
        try check(Vectors.file(Vectors.of(everyCommand)), against: "commands.json")
        let vectors = try read("commands.json", as: [Vector].self)
        #expect(vectors.count == everyCommand.count)
        for (vector, command) in zip(vectors, everyCommand) {
            #expect(try decodeCommands(vector.json) == [command], "\(vector.name)")
            #expect(try decodeCommands(vector.protobufBytes, ProtobufCodec()) == [command], "\(vector.name)")
        }
    }

    @Test func `replies and pushes`() throws {
        try check(Vectors.file(Vectors.of(everyMessage, .both)), against: "messages.json")
        let vectors = try read("messages.json", as: [Vector].self)
        #expect(vectors.count == everyMessage.count)
        for (vector, message) in zip(vectors, everyMessage) {
            #expect(try decodeMessages(Array(vector.json.utf8)) == [message], "\(vector.name)")
            #expect(try decodeMessages(vector.protobufBytes, ProtobufClientCodec()) == [message], "\(vector.name)")
        }
    }

    @Test func `bare pushes of unidirectional connections`() throws {
        try check(Vectors.file(Vectors.of(Self.pushes, .down)), against: "unidirectional.json")
        let vectors = try read("unidirectional.json", as: [Vector].self)
        #expect(vectors.count == Self.pushes.count)
        for (vector, message) in zip(vectors, Self.pushes) {
            #expect(try decodeMessages(Array(vector.json.utf8), JSONClientCodec(direction: .down)) == [message], "\(vector.name)")
            #expect(try decodeMessages(vector.protobufBytes, ProtobufClientCodec(direction: .down)) == [message], "\(vector.name)")
        }
    }

    @Test func `deltas`() throws {
        let pairs = [
            (#"{"type":"slot.changed","data":{"units_free":12}}"#, #"{"type":"slot.changed","data":{"units_free":7}}"#),
            (#"{"notice":"Зал закрыт на ремонт до понедельника"}"#, #"{"notice":"Зал закрыт на ремонт до воскресенья"}"#),
            (#"{"name":"羽毛球馆一号场","status":"open","notice":"周末营业"}"#, #"{"name":"羽毛球馆二号场","status":"open","notice":"周末营业"}"#),
            (#"{"text":"See you at the ring 🥊 tonight"}"#, #"{"text":"See you at the ring 🥋 tonight"}"#),
        ]
        let made = try pairs.map { try #require(DeltaVector.of($0, $1)) }
        let lines = try made.map { "  " + String(decoding: try JSONByteEncoder().encode($0), as: UTF8.self) }
        try check("[\n" + lines.joined(separator: ",\n") + "\n]\n", against: "deltas.json")
        for vector in try read("deltas.json", as: [DeltaVector].self) {
            let text = try FossilDelta.apply(Array(vector.delta.utf8), to: Array(vector.base.utf8))
            #expect(String(decoding: text, as: UTF8.self) == vector.target)
        }
    }

    @Test func `events`() throws {
        let examples = try EventExamples().all
        try check("[\n" + examples.map { "  " + $0 }.joined(separator: ",\n") + "\n]\n", against: "events.json")
    }
}
