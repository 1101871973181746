import Club
import Testing

@Suite struct CSVTests {
    @Test func `fields are split at commas and lines at either line ending`() throws {
        let csv = try CSV("a,b\r\n1,2\n3,\n")

        #expect(csv.header == ["a", "b"])
        #expect(csv.rows == [["1", "2"], ["3", ""]])
        #expect(try csv.column("b") == 1)
    }

    @Test func `a quoted field keeps commas, line breaks and doubled quotes`() throws {
        let csv = try CSV("name,address\n\"Ann \"\"Bo\"\"\",\"8 Close,\nBoston\"")

        #expect(csv.rows == [["Ann \"Bo\"", "8 Close,\nBoston"]])
    }

    @Test func `a last line without an end counts and an empty line does not`() throws {
        #expect(try CSV("a\n\n1").rows == [["1"]])
    }

    @Test(arguments: [
        ("a\n\"1", CSV.Failure.unterminatedQuote(line: 2)),
        ("a\n\"1\"x\n", .textAfterQuote(line: 2)),
        ("a,b\n1,2\n3\n", .wrongFieldCount(line: 3)),
        ("", .noHeader),
    ])
    func `a text that is no table is refused with its line`(text: String, failure: CSV.Failure) {
        #expect(throws: failure) { try CSV(text) }
    }

    @Test func `a missing column is named`() throws {
        let csv = try CSV("a,b\n1,2\n")

        #expect(throws: CSV.Failure.missingColumn("c")) { try csv.column("c") }
    }
}
