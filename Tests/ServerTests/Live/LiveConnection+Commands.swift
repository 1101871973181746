import Client
import Wire

extension LiveConnection {
    /// Subscribes with whatever the command can say.
    func subscribe(_ request: SubscribeRequest) async throws -> SubscribeResult {
        guard case .subscribe(let result) = try await call(.subscribe(request)) else { throw ClientError.unexpectedMessage }
        return result
    }

    /// The error that a command is answered with; nil where it succeeds.
    func refusal(of request: Command.Request) async throws -> ProtocolError? {
        do {
            _ = try await call(request)
            return nil
        } catch let error as ProtocolError {
            return error
        }
    }

    /// The error that subscribing to a channel is answered with; nil where it succeeds.
    func refusal(toSubscribe channel: String) async throws -> ProtocolError? {
        try await refusal(of: .subscribe(SubscribeRequest(channel: channel)))
    }

    /// Ends the connection and hands over what was pushed until then and not read yet.
    func unreadPushes() async throws -> [Push] {
        await close()
        var unread: [Push] = []
        for try await push in pushes { unread.append(push) }
        return unread
    }
}
