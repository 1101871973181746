import NIOPosix

/// A value of which each event loop thread has one of its own, made when the thread first asks.
///
/// `@unchecked` because the values need not be sendable: they never leave their threads. The variable itself may be used from any of them,
/// and each sees no value but its own.
struct ThreadOwned<Value: AnyObject>: @unchecked Sendable {
    private let variable = ThreadSpecificVariable<Value>()

    /// The calling thread's own.
    func value(orMake make: () -> Value) -> Value {
        if let value = variable.currentValue { return value }
        let made = make()
        variable.currentValue = made
        return made
    }

    /// The calling thread's own; nil where `make` can't make one.
    func value(orTry make: () -> Value?) -> Value? {
        if let value = variable.currentValue { return value }
        return make().map { made in value { made } }
    }
}
