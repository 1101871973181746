import NIOCore

/// What has come over a raw socket and was not read yet. It lives on the socket's event loop and nowhere else.
final class RawInbox: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// How many of the unread bytes the reader wants; nil while they are too few.
    typealias Length = (_ unread: ByteBufferView) -> Int?

    private enum Wish {
        case length(Length)
        case toEnd
    }

    private struct Reader {
        let wish: Wish
        let promise: EventLoopPromise<[UInt8]>
        let deadline: Scheduled<Void>
    }

    private var unread = ByteBuffer()
    private var reader: Reader?
    private var ending: ClientError?

    func read(_ promise: EventLoopPromise<[UInt8]>, _ length: @escaping Length) {
        wait(.length(length), promise)
    }

    func readToEnd(_ promise: EventLoopPromise<[UInt8]>) {
        wait(.toEnd, promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unread.writeImmutableBuffer(unwrapInboundIn(data))
        unread.discardReadBytes()
        if unread.readableBytes > RawSocket.unreadBytesMax {
            end(.overflowed(limit: RawSocket.unreadBytesMax))
            context.close(promise: nil)
        } else {
            serve()
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { end(.endOfStream) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.endOfStream)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func wait(_ wish: Wish, _ promise: EventLoopPromise<[UInt8]>) {
        precondition(reader == nil, "one task reads a raw socket at a time")
        let deadline = promise.futureResult.eventLoop.assumeIsolated().scheduleTask(in: RawSocket.readTimeLimit) {
            self.reader = nil
            promise.fail(ClientError.timedOut)
        }
        reader = Reader(wish: wish, promise: promise, deadline: deadline)
        serve()
    }

    private func end(_ reason: ClientError) {
        if ending == nil { ending = reason }
        serve()
    }

    private func serve() {
        guard let reader else { return }
        switch reader.wish {
        case .length(let length):
            if let count = length(unread.readableBytesView), let bytes = unread.readBytes(length: count) {
                finish(.success(bytes))
            } else if let ending {
                finish(.failure(ending))
            }
        case .toEnd:
            guard let ending else { return }
            finish(ending == .endOfStream ? .success(unread.readBytes(length: unread.readableBytes) ?? []) : .failure(ending))
        }
    }

    private func finish(_ result: Result<[UInt8], any Error>) {
        let done = reader
        reader = nil
        done?.deadline.cancel()
        done?.promise.completeWith(result)
    }
}

@available(*, unavailable) extension RawInbox: Sendable {}
