import Testing
import Wire

@Suite struct EmulationRequestTests {
    private let request = EmulationRequest(node: "n1", session: "s-é", data: Array("{}\n{\"id\":2,\"ping\":{}}".utf8))

    @Test func `a body as the JavaScript client sends it is understood`() throws {
        let body = #"{"session":"s-é","node":"n1","data":"{}\n{\"id\":2,\"ping\":{}}"}"#
        #expect(try EmulationRequest(json: Array(body.utf8)) == request)
    }

    @Test func `a body in Protobuf is understood, whatever bytes the commands are`() throws {
        // Fields 1, 2 and 3, each behind its length.
        let head = [0x0A, 2] + Array("n1".utf8) + [0x12, 4] + Array("s-é".utf8)
        #expect(try EmulationRequest(protobuf: head + [0x1A, UInt8(request.data.count)] + request.data) == request)
        #expect(try EmulationRequest(protobuf: head + [0x1A, 2, 0, 0xFF]).data == [0, 0xFF])
    }

    @Test(arguments: ["", "[]", "{", #"{"data":{}}"#, #"{"session":1}"#, #"{"node":"a","node":"b"}"#])
    func `a body that is none is refused`(body: String) {
        #expect(throws: FrameError.malformed) { try EmulationRequest(json: Array(body.utf8)) }
    }

    @Test func `bytes that are no message are refused`() {
        #expect(throws: FrameError.malformed) { try EmulationRequest(protobuf: [0x0A, 5, 0x61]) }
        #expect(throws: FrameError.malformed) { try EmulationRequest(protobuf: [0x0A, 1, 0xFF]) }
        #expect(throws: FrameError.malformed) { try EmulationRequest(json: [0x22, 0xFF, 0x22]) }
    }
}
