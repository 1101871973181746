/// Walks over a file in network byte order; nothing is read behind its end.
struct TZifReader {
    private let content: [UInt8]
    private var position = 0

    init(_ content: [UInt8]) { self.content = content }

    mutating func bytes(_ count: Int) throws(TZifError) -> ArraySlice<UInt8> {
        guard count <= content.count - position else { throw .truncated }
        position += count
        return content[position - count..<position]
    }

    mutating func skip(_ count: Int) throws(TZifError) { _ = try bytes(count) }

    mutating func byte() throws(TZifError) -> UInt8 {
        guard position < content.count else { throw .truncated }
        position += 1
        return content[position - 1]
    }

    mutating func integer32() throws(TZifError) -> Int32 { try integer() }

    mutating func integer64() throws(TZifError) -> Int64 { try integer() }

    /// A count that the rest of the file could hold.
    mutating func count() throws(TZifError) -> Int {
        let count = Int(try integer() as UInt32)
        guard count <= content.count else { throw .truncated }
        return count
    }

    /// What stands between two line feeds, which end the file.
    mutating func line() throws(TZifError) -> ArraySlice<UInt8> {
        guard try byte() == UInt8(ascii: "\n") else { throw .malformedFooter }
        guard let end = content[position...].firstIndex(of: UInt8(ascii: "\n")) else { throw .truncated }
        defer { position = end + 1 }
        return content[position..<end]
    }

    private mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>() throws(TZifError) -> Integer {
        let start = position
        try skip(Integer.bitWidth / 8)
        return Integer(bigEndian: content.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start, as: Integer.self) })
    }
}
