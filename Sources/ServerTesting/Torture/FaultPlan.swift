import SeededRandom

/// Everything that goes wrong with one connection.
public struct FaultPlan: Hashable, Sendable {
    public let faults: [Fault]

    public init(_ faults: [Fault] = []) {
        self.faults = faults
    }

    /// Nothing goes wrong.
    public static let none = FaultPlan()

    /// Up to four mishaps and an end. Half of the plans strike while the connection is being made, where every byte belongs to another step;
    /// the others when it lives.
    ///
    /// - Parameters:
    ///   - number: which connection it is; the same seed and number give the same plan.
    ///   - bytesMax: how many bytes a connection may carry at most.
    public static func random(seed: UInt64, connection number: Int, bytesMax: Int) -> FaultPlan {
        var generator = SplitMix64(seed: seed ^ (UInt64(number) &* 0x2545_F491_4F6C_DD1D))
        _ = generator.next()
        let offsetMax = generator.number(in: 0...1) == 0 ? min(beginningBytes, bytesMax) : bytesMax
        var faults = (0..<generator.number(in: 0...4)).map { _ in
            Fault(generator.direction(), at: generator.number(in: 0...offsetMax), generator.mishap())
        }
        faults.append(Fault(generator.direction(), at: generator.number(in: 0...offsetMax), generator.end()))
        // A connection that sends too little to meet its end still has one.
        faults.append(Fault(.toClient, at: bytesMax, .cut(.reset)))
        return FaultPlan(faults)
    }

    /// Handshake, connect and subscribe with their answers lie within these.
    private static let beginningBytes = 2_500
}

extension SplitMix64 {
    fileprivate mutating func direction() -> Fault.Direction { number(in: 0...2) == 0 ? .toServer : .toClient }

    fileprivate mutating func ending() -> Fault.Ending { number(in: 0...1) == 0 ? .reset : .finish }

    fileprivate mutating func mishap() -> Fault.Action {
        switch number(in: 0...2) {
        case 0: .trickle(bytes: number(in: 1...300))
        default: .hold(turns: number(in: 1...2_000))
        }
    }

    fileprivate mutating func end() -> Fault.Action {
        switch number(in: 0...3) {
        case 0: .stall(turns: number(in: 1...3_000), ending())
        case 1: .orphan(turns: number(in: 1...5_000))
        default: .cut(ending())
        }
    }
}
