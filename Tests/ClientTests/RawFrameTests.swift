import Client
import Testing

@Suite struct RawFrameTests {
    @Test func `the samples of RFC 6455, 5_7 come out byte for byte`() {
        #expect(RawFrame(RawFrame.Opcode.text, Array("Hello".utf8), maskingKey: nil).bytes == [0x81, 5, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(
            RawFrame(RawFrame.Opcode.text, Array("Hello".utf8), maskingKey: [0x37, 0xFA, 0x21, 0x3D]).bytes
                == [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        )
        #expect(RawFrame(RawFrame.Opcode.text, Array("Hel".utf8), isFinal: false, maskingKey: nil).bytes == [0x01, 3, 0x48, 0x65, 0x6C])
    }

    @Test(
        arguments: [(125, [0x82, 125]), (126, [0x82, 126, 0, 126]), (65_536, [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0])] as [(Int, [UInt8])])
    func `the length takes the shortest form`(count: Int, head: [UInt8]) {
        let bytes = RawFrame(RawFrame.Opcode.binary, [UInt8](repeating: 0, count: count), maskingKey: nil).bytes

        #expect(Array(bytes.prefix(head.count)) == head)
        #expect(bytes.count == head.count + count)
    }

    @Test func `a close frame shows its code`() {
        #expect(RawFrame(RawFrame.Opcode.close, [0x0D, 0xAC]).closeCode == 3500)
        #expect(RawFrame(RawFrame.Opcode.close).closeCode == nil)
    }
}
