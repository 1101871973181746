/// A WebSocket at `/echo` that sends every message back. It asks nobody who they are, so it is open only where somebody switched it on.
enum EchoRoute {
    static let path = "/echo"

    /// Resolves the path itself and leaves every other to `next`.
    static func before(_ next: @escaping UpgradeResolver) -> UpgradeResolver {
        { request in
            guard request.path == path else { return next(request) }
            return .accept(subprotocol: nil, configuration: configuration) { _ in EchoDelegate() }
        }
    }

    /// Wide enough for the suites, which send messages of 16 MiB in pieces of 64 bytes.
    private static var configuration: WebSocketConfiguration {
        var configuration = WebSocketConfiguration()
        configuration.messageBytesMax = 32 << 20
        configuration.fragmentsMax = 1 << 20
        configuration.queueBytesMax = 64 << 20
        return configuration
    }
}
