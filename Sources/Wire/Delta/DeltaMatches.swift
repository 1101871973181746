/// The pieces that a target has in common with its base, in the target's order, none overlapping another there.
///
/// The base's blocks are put into a table by a hash; a window of the same size slides over the target with a hash that is updated rather
/// than computed anew. A window that meets its block in the base is extended to both sides as far as the texts agree.
struct DeltaMatches {
    struct Match {
        /// Where the piece begins in the base.
        let base: Int
        let target: Range<Int>
    }

    /// Pieces shorter than this are not looked for; naming one takes about as much room.
    private static let blockBytes = 16

    /// Blocks of the base that are tried for one window. Texts that repeat themselves have many alike; trying them all would make the work
    /// grow with the square of the length.
    private static let candidatesMax = 8

    /// Of one code point in UTF-8, after its first byte.
    private static let continuationBytesMax = 3

    private let base: [UInt8]
    private let target: [UInt8]
    private let table: BlockTable
    private var hash: RollingHash
    /// Where the window stands.
    private var position = 0
    /// What lies before belongs to a piece that was handed out.
    private var taken = 0

    init(base: [UInt8], target: [UInt8]) {
        self.base = base
        self.target = target
        table = BlockTable(base, blockBytes: Self.blockBytes)
        hash = RollingHash(target.prefix(Self.blockBytes))
    }

    mutating func next() -> Match? {
        while position + Self.blockBytes <= target.count {
            if let match = longest(), match.target.count >= Self.blockBytes / 2 {
                taken = match.target.upperBound
                move(to: taken)
                return match
            }
            slide()
        }
        return nil
    }

    private mutating func slide() {
        let end = position + Self.blockBytes
        if end < target.count { hash.slide(out: target[position], in: target[end]) }
        position += 1
    }

    private mutating func move(to place: Int) {
        position = place
        hash = RollingHash(target[place..<min(place + Self.blockBytes, target.count)])
    }

    /// The longest piece around the window.
    private func longest() -> Match? {
        var best: Match?
        var tried = 0
        var candidate = table.first(with: hash.value)
        while let block = candidate, tried < Self.candidatesMax {
            if let match = extended(from: block), match.target.count > best?.target.count ?? 0 { best = match }
            tried += 1
            candidate = table.next(after: block)
        }
        return best.map(aligned)
    }

    private func extended(from block: Int) -> Match? {
        var base = block * Self.blockBytes
        var start = position
        var length = 0
        while base + length < self.base.count, start + length < target.count, self.base[base + length] == target[start + length] {
            length += 1
        }
        // The hashes agree more often than the texts.
        guard length >= Self.blockBytes else { return nil }
        while base > 0, start > taken, self.base[base - 1] == target[start - 1] {
            base -= 1
            start -= 1
            length += 1
        }
        return Match(base: base, target: start..<start + length)
    }

    /// The same piece, less the parts of code points at its ends: what is left over goes into new text, which must be UTF-8. Of bytes that are
    /// no text no more is taken away, or a long piece would come to nothing and be looked for again at the next place.
    private func aligned(_ match: Match) -> Match {
        var start = match.target.lowerBound
        var end = match.target.upperBound
        for _ in 0..<Self.continuationBytesMax where isWithinCodePoint(start) { start += 1 }
        for _ in 0..<Self.continuationBytesMax where isWithinCodePoint(end) { end -= 1 }
        return Match(base: match.base + start - match.target.lowerBound, target: start..<end)
    }

    /// Whether a cut there would part a code point.
    private func isWithinCodePoint(_ place: Int) -> Bool {
        place > 0 && place < target.count && target[place] & 0xC0 == 0x80
    }
}

/// The blocks of a text by their hashes.
private struct BlockTable {
    /// By the hash's low bits, the first block plus one; zero for none.
    private var heads: [Int32]
    /// By the block, the next one with the same bits plus one.
    private var nexts: [Int32]
    private let mask: UInt32

    init(_ text: [UInt8], blockBytes: Int) {
        let count = text.count / blockBytes
        var size = 16
        while size < count * 2 { size *= 2 }
        heads = Array(repeating: 0, count: size)
        nexts = Array(repeating: 0, count: count)
        mask = UInt32(size - 1)
        // From the end, so that earlier blocks are found first.
        for block in stride(from: count - 1, through: 0, by: -1) {
            let slot = Int(RollingHash(text[block * blockBytes..<(block + 1) * blockBytes]).value & mask)
            nexts[block] = heads[slot]
            heads[slot] = Int32(block + 1)
        }
    }

    func first(with hash: UInt32) -> Int? { Self.block(heads[Int(hash & mask)]) }
    func next(after block: Int) -> Int? { Self.block(nexts[block]) }

    private static func block(_ entry: Int32) -> Int? { entry > 0 ? Int(entry) - 1 : nil }
}

/// A polynomial of the window's bytes (Rabin and Karp), from which the byte that leaves can be taken again.
private struct RollingHash {
    private static let factor: UInt32 = 0x0100_0193

    private var sum: UInt32 = 0
    private var leavingFactor: UInt32 = 1

    init(_ window: ArraySlice<UInt8>) {
        for byte in window { sum = sum &* Self.factor &+ UInt32(byte) }
        for _ in window.dropFirst() { leavingFactor = leavingFactor &* Self.factor }
    }

    /// The upper bits are the ones that every byte has reached.
    var value: UInt32 { sum ^ sum >> 15 }

    mutating func slide(out leaving: UInt8, in entering: UInt8) {
        sum = (sum &- UInt32(leaving) &* leavingFactor) &* Self.factor &+ UInt32(entering)
    }
}
