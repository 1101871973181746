/// The TZif format, versions 1 to 4 (RFC 9636, before it RFC 8536): a header, a block with 32-bit times, and since version 2 a second header
/// and block with 64-bit times and a footer. Where there is a second block the first one is only skipped.
enum TZif {
    /// The largest file of the IANA database has some 4,000 bytes.
    static let fileBytesMax = 65_536

    /// No time before the universe (RFC 9636, section 3.2), so that sums can't overflow.
    private static let timeRange: ClosedRange<Int64> = -(1 << 59)...(1 << 59)

    /// - Throws: ``TZifError`` for anything that the format does not allow; such a file is not to be guessed at.
    static func parse(_ bytes: [UInt8]) throws(TZifError) -> ZoneRules {
        guard bytes.count <= fileBytesMax else { throw .tooLarge }
        var reader = TZifReader(bytes)
        let first = try TZifHeader(&reader)
        guard first.version >= 2 else { return try block(&reader, first, timeBytes: 4, hasFooter: false) }
        try reader.skip(first.blockBytes(timeBytes: 4))
        return try block(&reader, TZifHeader(&reader), timeBytes: 8, hasFooter: true)
    }

    private static func block(
        _ reader: inout TZifReader, _ header: TZifHeader, timeBytes: Int, hasFooter: Bool
    ) throws(TZifError) -> ZoneRules {
        try header.check()
        var times: [Int64] = []
        times.reserveCapacity(header.times)
        for _ in 0..<header.times {
            let time = timeBytes == 8 ? try reader.integer64() : Int64(try reader.integer32())
            guard timeRange.contains(time) else { throw .timeOutOfRange }
            if let last = times.last, time <= last { throw .timesDoNotAscend }
            times.append(time)
        }
        let kinds = try reader.bytes(header.times)
        guard kinds.allSatisfy({ $0 < header.types }) else { throw .indexOutOfRange }
        var types: [(seconds: Int32, isDaylightSaving: UInt8, name: UInt8)] = []
        for _ in 0..<header.types { types.append((try reader.integer32(), try reader.byte(), try reader.byte())) }
        let names = try reader.bytes(header.nameBytes)
        var offsets: [ZoneOffset] = []
        for type in types { offsets.append(try offset(type, names)) }
        // Whether a time was given by standard time or by UTC matters to whoever compiles the rules, not to us.
        try reader.skip(header.standardFlags + header.utcFlags)
        let footer = hasFooter ? try PosixZoneReader.parse(reader.line()) : nil
        return ZoneRules(offsets: offsets, changeSeconds: times, changeOffsets: Array(kinds), footer: footer)
    }

    private static func offset(
        _ type: (seconds: Int32, isDaylightSaving: UInt8, name: UInt8), _ names: ArraySlice<UInt8>
    ) throws(TZifError) -> ZoneOffset {
        guard ZoneOffset.range.contains(Int(type.seconds)), type.isDaylightSaving <= 1 else { throw .offsetOutOfRange }
        guard type.name < names.count else { throw .indexOutOfRange }
        let rest = names.dropFirst(Int(type.name))
        guard let end = rest.firstIndex(of: 0) else { throw .indexOutOfRange }
        let name = rest[..<end]
        guard name.allSatisfy(PosixZoneReader.isNameCharacter) else { throw .malformedName }
        return ZoneOffset(
            seconds: Int(type.seconds), isDaylightSaving: type.isDaylightSaving == 1, abbreviation: String(decoding: name, as: UTF8.self)
        )
    }
}

/// Why a file is not used.
enum TZifError: String, Error {
    case tooLarge = "it is larger than any time zone file"
    case notTZif = "it is no TZif file"
    case truncated = "it ends early"
    case leapSeconds = "it counts leap seconds, which POSIX time and this server do not"
    case wrongCounts = "its header has counts that contradict each other"
    case timeOutOfRange = "it has a time that no clock shows"
    case timesDoNotAscend = "its times are not in order"
    case indexOutOfRange = "it points behind its own tables"
    case offsetOutOfRange = "it has an offset that no zone has"
    case malformedName = "it has an abbreviation that is none"
    case malformedFooter = "its footer is no time zone as POSIX writes it"
}
