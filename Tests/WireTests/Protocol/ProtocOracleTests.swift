import ForeignPrograms
import Foundation
import Testing
import Wire

/// What the Protobuf codec writes and reads, judged by Google's compiler with `protocol/client.proto`, both ways.
@Suite(.enabled(if: ForeignProgram.named("protoc") != nil, "protoc is missing: scripts/setup.sh installs protobuf-compiler"))
struct ProtocOracleTests {
    /// A file whose one message repeats a message of ours, so that many are judged at once: each stands behind the field's tag and its
    /// length, and the latter is what a frame has as well.
    private static let batches = """
        syntax = "proto3";
        import "client.proto";
        message Commands { repeated ringside.client.Command items = 1; }
        message Replies { repeated ringside.client.Reply items = 1; }
        message Pushes { repeated ringside.client.Push items = 1; }
        """

    private static let tag: UInt8 = 0x0A

    private func protoc(_ mode: String, _ type: String, _ input: [UInt8]) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "protoc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(Self.batches.utf8).write(to: folder.appending(path: "batches.proto"))
        let arguments = [
            "--\(mode)=\(type)", "--proto_path=\(folder.path(percentEncoded: false))",
            "--proto_path=\(Repository.file("protocol").path(percentEncoded: false))", "batches.proto",
        ]
        return try #require(ForeignProgram.named("protoc")).run(arguments, input: input)
    }

    private func items<Message>(_ messages: [Message], _ write: (inout TextFormat, Message) -> Void) -> String {
        var format = TextFormat()
        for message in messages { format.message("items") { write(&$0, message) } }
        return format.text
    }

    /// Cuts a batch that protoc has encoded into messages, each with its length.
    private func frames(of batch: [UInt8]) throws -> [[UInt8]] {
        var frames: [[UInt8]] = []
        var position = 0
        while position < batch.count {
            try #require(batch[position] == Self.tag)
            let start = position + 1
            var (end, length, shift) = (start, 0, 0)
            repeat {
                length |= Int(batch[end] & 0x7F) << shift
                shift += 7
                end += 1
            } while batch[end - 1] >= 0x80
            position = end + length
            frames.append(Array(batch[start..<position]))
        }
        return frames
    }

    private func expectSame(_ text: [UInt8], _ expected: String) {
        let (read, wanted) = (String(decoding: text, as: UTF8.self).split(separator: "\n"), expected.split(separator: "\n"))
        #expect(read.count == wanted.count)
        for (line, wantedLine) in zip(read, wanted) where line != wantedLine { return #expect(line == wantedLine) }
    }

    @Test func `protoc reads the commands that we write and writes those that we read`() throws {
        var random = RandomMessages(seed: 71)
        let commands = everyCommand + (0..<60).flatMap { _ in (0..<RandomMessages.kindsOfCommand).map { random.command(kind: $0) } }
        let text = items(commands) { $0.command($1) }
        let batch = commands.flatMap { [Self.tag] + ProtobufClientCodec().encode([$0]) }
        expectSame(try protoc("decode", "Commands", batch), text)

        let frames = try frames(of: protoc("encode", "Commands", Array(text.utf8)))
        #expect(frames.count == commands.count)
        for (frame, command) in zip(frames, commands) { #expect(try decodeCommands(frame, ProtobufCodec()) == [command]) }
    }

    @Test func `protoc reads the replies and pushes that we write and writes those that we read`() throws {
        var random = RandomMessages(seed: 72)
        let messages = everyMessage + (0..<60).flatMap { _ in (0..<RandomMessages.kindsOfMessage).map { random.message(kind: $0) } }
        let text = items(messages) { $0.message($1) }
        let batch = messages.flatMap { [Self.tag] + encode([$0], ProtobufCodec()) }
        expectSame(try protoc("decode", "Replies", batch), text)

        let frames = try frames(of: protoc("encode", "Replies", Array(text.utf8)))
        #expect(frames.count == messages.count)
        for (frame, message) in zip(frames, messages) { #expect(try decodeMessages(frame, ProtobufClientCodec()) == [message]) }
    }

    @Test func `protoc reads a field that it does not know in what we write for nobody`() throws {
        // The oracle itself: were it to accept anything, the tests above would prove nothing.
        let batch: [UInt8] = [Self.tag, 3, 0x98, 0x06, 1]
        expectSame(try protoc("decode", "Commands", batch), "items {\n  99: 1\n}\n")
        #expect(throws: ForeignProgram.Failure.self) { try protoc("encode", "Commands", Array("items { nonsense: 1 }".utf8)) }
    }
}
