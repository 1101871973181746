/// How much of everything a block of a TZif file has (RFC 9636, section 3.1).
struct TZifHeader {
    static let magic: [UInt8] = Array("TZif".utf8)

    let version: Int
    let utcFlags: Int
    let standardFlags: Int
    let leapSeconds: Int
    let times: Int
    let types: Int
    let nameBytes: Int

    init(_ reader: inout TZifReader) throws(TZifError) {
        guard try reader.bytes(4).elementsEqual(Self.magic) else { throw .notTZif }
        // Versions only ever add to what earlier ones have.
        switch try reader.byte() {
        case 0: version = 1
        case UInt8(ascii: "2")...UInt8(ascii: "9"): version = 2
        default: throw .notTZif
        }
        try reader.skip(15)
        utcFlags = try reader.count()
        standardFlags = try reader.count()
        leapSeconds = try reader.count()
        times = try reader.count()
        types = try reader.count()
        nameBytes = try reader.count()
    }

    /// No count exceeds a file's size, so that the sum can't overflow.
    func blockBytes(timeBytes: Int) -> Int {
        times * (timeBytes + 1) + types * 6 + nameBytes + leapSeconds * (timeBytes + 4) + standardFlags + utcFlags
    }

    func check() throws(TZifError) {
        guard leapSeconds == 0 else { throw .leapSeconds }
        guard (1...256).contains(types), nameBytes >= 1, [0, types].contains(utcFlags), [0, types].contains(standardFlags) else {
            throw .wrongCounts
        }
    }
}
