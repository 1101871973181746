import DequeModule
import Wire

/// A publication that was not confirmed yet; the first of them is under way.
struct UnpublishedCommand {
    let id: UInt32
    let request: PublishRequest
}

/// What a client has to say: publications, calls and messages.
extension SessionState {
    mutating func publish(_ request: PublishRequest, _ id: UInt32) -> [SessionAction] {
        guard request.data != nil, !request.channel.isEmpty, request.channel.utf8.count <= ChannelName.bytesMax else {
            return [error(.badRequest, id)]
        }
        guard publishing.count < settings.waitingCommandsMax else { return [.limitHit(.waitingCommands)] + close(.tooManyRequests) }
        publishing.append(UnpublishedCommand(id: id, request: request))
        return publishing.count == 1 ? publishNext() : []
    }

    /// One after the other, so that they arrive in the order in which they were sent.
    private mutating func publishNext() -> [SessionAction] {
        var refusals: [SessionAction] = []
        while let next = publishing.first, let principal {
            let grant = memberships.liveGrant(of: next.request.channel)
            if let options = grant?.options, !options.publishForSubscriber, !options.publishForClient {
                publishing.removeFirst()
                refusals.append(error(.permissionDenied, next.id))
                continue
            }
            return refusals + [.publish(next.request, info(of: principal, grant), grant?.options)]
        }
        // An idle connection holds no buffer.
        publishing = []
        return refusals
    }

    /// The publication that was under way is done with.
    mutating func published(_ answer: Result<Void, AccessRefusal>) -> [SessionAction] {
        guard !isClosed, let done = publishing.popFirst() else { return [] }
        switch answer {
        case .success: return [.reply(Reply(id: done.id, body: .publish))] + publishNext()
        case .failure(.error(let error)): return [self.error(error, done.id)] + publishNext()
        case .failure(.close(let reason)): return close(reason)
        }
    }

    mutating func call(_ request: RPCRequest, _ id: UInt32) -> [SessionAction] {
        guard callsInFlight < settings.callsInFlightMax else { return [.limitHit(.callsInFlight), error(.tooManyRequests, id)] }
        callsInFlight += 1
        return [.call(id: id, request)]
    }

    mutating func called(id: UInt32, _ answer: Result<RPCResult, AccessRefusal>) -> [SessionAction] {
        callsInFlight -= 1
        guard !isClosed else { return [] }
        switch answer {
        case .success(let result): return [.reply(Reply(id: id, body: .rpc(result)))]
        case .failure(.error(let error)): return [self.error(error, id)]
        case .failure(.close(let reason)): return close(reason)
        }
    }

    /// A message can't be refused but by the end of the connection: it has no answer.
    mutating func pass(_ request: SendRequest) -> [SessionAction] {
        guard callsInFlight < settings.callsInFlightMax else { return [.limitHit(.callsInFlight)] + close(.tooManyRequests) }
        callsInFlight += 1
        return [.message(request)]
    }

    mutating func messageTaken(_ answer: Result<Void, AccessRefusal>) -> [SessionAction] {
        callsInFlight -= 1
        if case .failure(.close(let reason)) = answer { return close(reason) }
        return []
    }
}
