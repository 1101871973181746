import Testing
import Wire

@Suite struct UnidirectionalTests {
    private let json = JSONCodec(direction: .down)

    @Test func `pushes are bare`() {
        let push = Push(channel: "c", body: .publication(Publication(data: RawJSON("1"), offset: 5)))
        #expect(
            String(decoding: encode([.push(push), .ping, .push(push)], json), as: UTF8.self) == """
                {"channel":"c","pub":{"data":1,"offset":5}}
                {}
                {"channel":"c","pub":{"data":1,"offset":5}}
                """
        )
        // Field 2 is the channel, field 4 the publication with its data in field 4 and its offset in field 6.
        #expect(
            encode([.push(push), .ping], ProtobufCodec(direction: .down)) == [10, 0x12, 1, 0x63, 0x22, 5, 0x22, 1, 0x31, 0x30, 5, 0]
        )
    }

    @Test(arguments: CodecPair.unidirectional)
    func `a frame is a connect request and its reply a connect push`(codecs: CodecPair) throws {
        let request = ConnectRequest(token: "t", subs: ["c": SubscribeRequest(recover: true, epoch: "e", offset: 7)])
        let command = Command(id: 1, request: .connect(request))
        #expect(try decodeCommands(codecs.client.encode([command]), codecs.server) == [command])

        let result = ConnectResult(client: "0f", expires: true, ttl: 60, subs: ["c": SubscribeResult(recovered: true)], ping: 25)
        let reply = ServerMessage.reply(Reply(id: 1, body: .connect(result)))
        #expect(try decodeMessages(encode([reply], codecs.server), codecs.client) == [.push(Push(body: .connect(result)))])
    }

    @Test(arguments: CodecPair.unidirectional)
    func `other replies are not told`(codecs: CodecPair) {
        let replies: [ServerMessage] = [.reply(Reply(id: 1, body: .error(.tokenExpired))), .reply(Reply(id: 2, body: .publish))]
        #expect(encode(replies, codecs.server).isEmpty)
    }

    @Test func `a second line is refused`() {
        #expect(throws: FrameError.tooManyMessages) { try decodeCommands(Array("{}\n{}".utf8), json) }
        #expect(throws: FrameError.empty) { try decodeCommands([], json) }
        #expect(throws: Never.self) { try decodeCommands(Array("{}\n".utf8), json) }
    }
}
