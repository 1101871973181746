/// Cuts the bytes of one direction into what passes before each fault: a pure value that is asked, again and again, what to do next.
public struct FaultCursor: Sendable {
    public enum Step: Hashable, Sendable {
        /// So many of the bytes at hand pass.
        case forward(Int)
        case fault(Fault.Action)
        /// All bytes at hand have passed.
        case wait
    }

    /// Bytes that have passed.
    public private(set) var passed = 0
    /// Those that have not come yet, the last first.
    private var faults: [Fault]

    public init(_ plan: FaultPlan, _ direction: Fault.Direction) {
        faults = plan.faults.filter { $0.direction == direction }.sorted { $0.offset > $1.offset }
    }

    /// - Parameter available: bytes at hand; those that a ``Step/forward(_:)`` names are not counted again.
    public mutating func next(available: Int) -> Step {
        if let fault = faults.last, fault.offset <= passed {
            faults.removeLast()
            return .fault(fault.action)
        }
        guard available > 0 else { return .wait }
        let count = faults.last.map { min(available, $0.offset - passed) } ?? available
        passed += count
        return .forward(count)
    }
}
