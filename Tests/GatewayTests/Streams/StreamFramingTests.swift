import NIOCore
import Testing

@testable import Gateway

@Suite struct StreamFramingTests {
    private func framed(_ framing: StreamFraming, _ messages: String) -> String {
        String(buffer: framing.frame(Array(messages.utf8)))
    }

    @Test func `each message is an event of one data line`() {
        #expect(framed(.events, #"{"id":1}"#) == "data: {\"id\":1}\n\n")
        #expect(framed(.events, "{}\n{\"id\":2}") == "data: {}\n\ndata: {\"id\":2}\n\n")
    }

    @Test func `each message is a line`() {
        #expect(framed(.lines, "{}") == "{}\n")
        #expect(framed(.lines, "{}\n{\"id\":2}") == "{}\n{\"id\":2}\n")
    }

    @Test func `messages that carry their length stay as they are`() {
        #expect(StreamFraming.lengths.frame([2, 8, 1, 0]) == ByteBuffer(bytes: [2, 8, 1, 0]))
    }

    @Test func `only server-sent events begin with an empty line`() {
        #expect(StreamFraming.events.preface == ByteBuffer(string: "\r\n"))
        #expect(StreamFraming.lines.preface == nil)
        #expect(StreamFraming.lengths.preface == nil)
    }
}
