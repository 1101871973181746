import Wire

/// Somebody who may ask the server API, and what the method `rpc` does for them.
public struct APIClient: Sendable {
    /// - Returns: the data of the answer.
    public typealias Call = @Sendable (_ method: String, _ data: RawJSON?) async throws(ProtocolError) -> RawJSON

    let call: Call

    /// - Parameter call: carries out a call in that somebody's name.
    public init(call: @escaping Call) {
        self.call = call
    }

    /// For an engine without operations that could be called.
    static let withoutOperations = APIClient { (_, _) throws(ProtocolError) in throw .methodNotFound }
}
