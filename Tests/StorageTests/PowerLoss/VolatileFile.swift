import SeededRandom

/// A file as programs see it, and as it may be found after the power was cut.
///
/// What was synced is there. Of what was written since, a disk may have taken nothing, or the writes in their order up to one that is torn,
/// or any sector in any of the states that it went through. A change of size is one step of the file system: what comes after it is lost with
/// it.
struct VolatileFile {
    /// What of the unsynced reaches the disk.
    enum Loss: CaseIterable {
        case everything
        case fromSomeMomentOn
        case anySector
    }

    private enum Change {
        case write([UInt8], offset: Int)
        case truncate(Int)
    }

    private static let sectorBytes = 512

    private(set) var content: [UInt8]
    private var durable: [UInt8]
    private var unsynced: [Change] = []

    init(_ content: [UInt8]) {
        self.content = content
        durable = content
    }

    mutating func write(_ bytes: [UInt8], at offset: Int) {
        apply(.write(bytes, offset: offset))
    }

    mutating func truncate(to size: Int) {
        apply(.truncate(size))
    }

    mutating func sync() {
        for change in unsynced { Self.apply(change, to: &durable) }
        unsynced = []
    }

    func afterPowerCut(_ loss: Loss, _ generator: inout SplitMix64) -> [UInt8] {
        switch loss {
        case .everything: durable
        case .fromSomeMomentOn: prefix(&generator)
        case .anySector: mixture(&generator)
        }
    }

    private mutating func apply(_ change: Change) {
        Self.apply(change, to: &content)
        unsynced.append(change)
    }

    private static func apply(_ change: Change, to content: inout [UInt8]) {
        switch change {
        case .truncate(let size):
            if size < content.count { content.removeLast(content.count - size) }
        case .write(let bytes, let offset):
            let end = offset + bytes.count
            if content.count < end { content.append(contentsOf: repeatElement(0, count: end - content.count)) }
            content.replaceSubrange(offset..<end, with: bytes)
        }
    }

    private func prefix(_ generator: inout SplitMix64) -> [UInt8] {
        var found = durable
        let whole = generator.number(in: 0...unsynced.count)
        for change in unsynced.prefix(whole) { Self.apply(change, to: &found) }
        if whole < unsynced.count, case .write(let bytes, let offset) = unsynced[whole] {
            let sectors = generator.number(in: 0...bytes.count / Self.sectorBytes)
            Self.apply(.write(Array(bytes.prefix(sectors * Self.sectorBytes)), offset: offset), to: &found)
        }
        return found
    }

    private func mixture(_ generator: inout SplitMix64) -> [UInt8] {
        // What was found so far, what the file would be now, and the states that its sectors went through in between, by number.
        var (found, running, sizes) = (durable, durable, [durable.count])
        var versions: [Int: [[UInt8]]] = [:]
        for change in unsynced {
            if case .truncate = change {
                guard generator.number(in: 0...1) == 0 else { break }
                found = Self.mixed(found, sizes, versions, &generator)
                Self.apply(change, to: &found)
                (running, sizes, versions) = (found, [found.count], [:])
            } else if case .write(let bytes, let offset) = change, !bytes.isEmpty {
                Self.apply(change, to: &running)
                sizes.append(running.count)
                for sector in offset / Self.sectorBytes...(offset + bytes.count - 1) / Self.sectorBytes {
                    versions[sector, default: []].append(Self.sector(sector, of: running))
                }
            }
        }
        return Self.mixed(found, sizes, versions, &generator)
    }

    private static func mixed(
        _ content: [UInt8], _ sizes: [Int], _ versions: [Int: [[UInt8]]], _ generator: inout SplitMix64
    ) -> [UInt8] {
        var found = content
        let size = generator.pick(sizes) ?? content.count
        for (sector, versions) in versions.sorted(by: { $0.key < $1.key }) {
            let version = generator.number(in: 0...versions.count)
            if version > 0 { apply(.write(versions[version - 1], offset: sector * sectorBytes), to: &found) }
        }
        found.append(contentsOf: repeatElement(0, count: max(0, size - found.count)))
        found.removeLast(found.count - size)
        return found
    }

    private static func sector(_ number: Int, of content: [UInt8]) -> [UInt8] {
        let bytes = Array(content.dropFirst(number * sectorBytes).prefix(sectorBytes))
        return bytes + repeatElement(0, count: sectorBytes - bytes.count)
    }
}
