import Foundation
import Testing
import Wire

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("2025-03-26T14:11:17.850Z", "2025-03-26T14:11:17.850Z"), ("2025-03-26T14:11:17Z", "2025-03-26T14:11:17.000Z"),
            ("2025-03-26T22:11:17.8501239+08:00", "2025-03-26T14:11:17.850Z"), ("1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"),
            ("2025-03-26T14:11:17.000999Z", "2025-03-26T14:11:17.000Z"),
        ]
    )
    func `it has three digits of the fraction, whatever it was read from`(text: String, written: String) throws {
        let read = try JSONDecoder().decode([Timestamp].self, from: Data("[\"\(text)\"]".utf8))
        #expect(read.map(\.description) == [written])
        #expect(String(decoding: try JSONByteEncoder().encode(read), as: UTF8.self) == "[\"\(written)\"]")
    }

    @Test(arguments: ["", "2025-03-26", "2025-03-26T14:11:17", "2025-02-30T14:11:17Z", "2025-03-26T14:11:17.Z"])
    func `what is no instant is refused`(text: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Timestamp].self, from: Data("[\"\(text)\"]".utf8)) }
    }
}
