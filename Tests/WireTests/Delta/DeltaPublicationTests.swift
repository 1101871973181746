import SeededRandom
import Testing
import Wire

@Suite struct DeltaPublicationTests {
    static let codecs = [
        CodecPair.json, .protobuf,
        CodecPair(server: ProtobufCodec(carriesBytes: true), client: ProtobufClientCodec(carriesBytes: true)),
    ]

    @Test(arguments: codecs)
    func `a subscription with deltas rebuilds every payload`(codecs: CodecPair) throws {
        var edits = RandomEdits(seed: 51)
        var decoder = DeltaDecoder(for: codecs.client)
        var base: RawJSON?
        var deltas = 0
        for offset in 1...1_000 {
            let (first, second) = edits.next()
            for text in [first, second] {
                let whole = Publication(data: RawJSON(text), offset: UInt64(offset), tags: ["k": "v"])
                let sent = codecs.server.deltaPublication(whole, after: base)
                base = whole.data
                if sent.delta { deltas += 1 }
                let frame = encode([.push(Push(channel: "c", body: .publication(sent)))], codecs.server)
                guard case .push(let push) = try decodeMessages(frame, codecs.client).first, case .publication(let received) = push.body
                else { return #expect(Bool(false)) }
                #expect(received == sent)
                #expect(try decoder.decode(received) == whole)
            }
        }
        #expect(deltas > 500)
    }

    @Test func `in JSON the payload is a string, in Protobuf bytes`() {
        let publication = Publication(data: RawJSON(#"{"a":"é\n"}"#))
        #expect(JSONCodec().deltaPublication(publication, after: nil).data.text == #""{\"a\":\"é\\n\"}""#)
        #expect(ProtobufCodec().deltaPublication(publication, after: nil) == publication)
    }

    @Test func `of what was missed the first is whole and the others differ from the one before`() throws {
        let texts = (1...4).map { #"{"name":"Court 1","status":"open for everybody","free":\#($0)}"# }
        let missed = texts.map { Publication(data: RawJSON($0)) }
        let sent = JSONCodec().deltaPublications(missed)
        #expect(sent.map(\.delta) == [false, true, true, true])
        var decoder = DeltaDecoder(for: JSONClientCodec())
        #expect(try sent.map { publication in try decoder.decode(publication) } == missed)
    }

    @Test func `a delta without a base is refused`() {
        var decoder = DeltaDecoder(for: ProtobufClientCodec())
        #expect(throws: DeltaError.otherBase) { try decoder.decode(Publication(data: RawJSON("0\n0;"), delta: true)) }
    }
}
