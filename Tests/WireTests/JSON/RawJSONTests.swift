import Foundation
import Testing
import Wire

@Suite struct RawJSONTests {
    private struct Box: Codable { var data: RawJSON }

    @Test func `our encoder embeds the text as it is`() throws {
        let box = Box(data: RawJSON(#"{"z": 1.50, "a":"\u0041"}"#))
        #expect(try RawJSON(encoding: box).text == #"{"data":{"z": 1.50, "a":"\u0041"}}"#)
    }

    @Test(arguments: [
        "null", "true", "false", "0", "-1", "18446744073709551615", "1.5", "\"\"", #""\n\"é🥊""#, "[]", "{}", #"[1,"a",null,[true]]"#,
        #"{"a":{"b":[{}]}}"#,
    ])
    func `Foundation's coders carry any value`(text: String) throws {
        let decoded = try JSONDecoder().decode(Box.self, from: Data(#"{"data":\#(text)}"#.utf8))
        #expect(decoded.data.text == text)
        let encoded = try JSONEncoder().encode(decoded)
        #expect(try JSONDecoder().decode(Box.self, from: encoded).data == decoded.data)
    }

    @Test func `a value is read from the text`() throws {
        #expect(try RawJSON(#"{"a":[1,2]}"#).decode([String: [Int]].self) == ["a": [1, 2]])
        #expect(throws: DecodingError.self) { try RawJSON("{").decode([Int].self) }
    }
}
