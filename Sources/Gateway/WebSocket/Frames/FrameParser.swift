/// Reads one client's byte stream (RFC 6455), whatever pieces it arrives in. Pure: it is fed bytes and returns what they mean.
///
/// It keeps only what is needed to go on: between messages it holds no memory at all. A compressed message is put together first and
/// inflated at its end, by the thread's own ``Inflater``.
struct FrameParser {
    /// What a message may cost before it is refused.
    struct Limits {
        /// Over the assembled message; judged from the frame's header, before a byte of it is kept.
        var messageBytesMax: Int
        /// Frames in one message. Empty fragments are free of bytes but not of work.
        var fragmentsMax: Int
    }

    enum MessageKind: Equatable {
        case text
        case binary
    }

    enum Payload {
        /// Inside the bytes that were fed: valid until they go away.
        case inPlace(UnsafeRawBufferPointer)
        /// Put together from several frames or reads.
        case assembled([UInt8])
    }

    enum Action {
        case message(MessageKind, Payload)
        case ping([UInt8])
        case pong
        /// The peer's close frame; nothing is read after it.
        case close(code: UInt16?)
        /// The stream broke a rule; nothing is read after it.
        case fail(FrameError)
    }

    private let limits: Limits
    private let deflates: Bool
    private var partialHeader: [UInt8] = []
    private var frame: FrameHeader?
    private var frameBytesRead = 0
    private var control: [UInt8] = []

    private var messageKind: MessageKind?
    private var isDeflated = false
    private var messageBytes = 0
    private var fragments = 0
    private var assembled: [UInt8] = []
    private var text = UTF8Validator()

    private(set) var isFinished = false

    /// - Parameter deflates: whether compression was agreed on (RFC 7692, without takeover of the client's context).
    init(limits: Limits, deflates: Bool) {
        self.limits = limits
        self.deflates = deflates
    }

    /// Bytes held back for a message that is not complete.
    var bytesHeld: Int { partialHeader.count + control.count + assembled.count }

    /// The next thing `input` means, or nil when all of it is read. Unmasks in place and moves `input` past what was read.
    mutating func next(_ input: inout UnsafeMutableRawBufferPointer) -> Action? {
        while !isFinished {
            if frame == nil {
                switch readHeader(&input) {
                case .incomplete:
                    return nil
                case .refused(let error):
                    return fail(error)
                case .header(let header, _):
                    if let error = begin(header) {
                        return fail(error)
                    }
                }
            }
            if let action = readPayload(&input) {
                return action
            }
            if frame != nil {
                return nil
            }
        }
        input = UnsafeMutableRawBufferPointer(rebasing: input[input.count...])
        return nil
    }

    // MARK: Headers

    private mutating func readHeader(_ input: inout UnsafeMutableRawBufferPointer) -> FrameHeader.Decoding {
        if partialHeader.isEmpty {
            let decoding = FrameHeader.decode(UnsafeRawBufferPointer(input), deflates: deflates)
            switch decoding {
            case .header(_, let bytes):
                _ = Self.take(bytes, from: &input)
            case .incomplete:
                partialHeader.append(contentsOf: input)
                _ = Self.take(input.count, from: &input)
            case .refused:
                break
            }
            return decoding
        }
        while !input.isEmpty {
            partialHeader.append(contentsOf: Self.take(1, from: &input))
            let decoding = partialHeader.withUnsafeBytes { FrameHeader.decode($0, deflates: deflates) }
            if decoding != .incomplete {
                partialHeader = []
                return decoding
            }
        }
        return .incomplete
    }

    private mutating func begin(_ header: FrameHeader) -> FrameError? {
        frame = header
        frameBytesRead = 0
        switch header.opcode {
        case .close, .ping, .pong:
            return nil
        case .continuation:
            guard messageKind != nil else { return .unexpectedContinuation }
        case .text, .binary:
            guard messageKind == nil else { return .messageInterrupted }
            messageKind = header.opcode == .text ? .text : .binary
            isDeflated = header.isDeflated
        }
        fragments += 1
        guard fragments <= limits.fragmentsMax else { return .tooManyFragments }
        // Never a sum: the length is the peer's and may be anything below 2^63.
        guard header.length <= limits.messageBytesMax - messageBytes else { return .messageTooBig }
        messageBytes += header.length
        return nil
    }

    // MARK: Payloads

    private mutating func readPayload(_ input: inout UnsafeMutableRawBufferPointer) -> Action? {
        guard let header = frame else { return nil }
        let piece = Self.take(min(header.length - frameBytesRead, input.count), from: &input)
        Masking.apply(header.mask, to: piece, offset: frameBytesRead)
        frameBytesRead += piece.count
        let isComplete = frameBytesRead == header.length
        if isComplete {
            frame = nil
        }
        let bytes = UnsafeRawBufferPointer(piece)
        return header.opcode.isControl
            ? readControl(bytes, of: header, isComplete: isComplete)
            : readMessage(bytes, of: header, isComplete: isComplete)
    }

    private mutating func readMessage(_ bytes: UnsafeRawBufferPointer, of header: FrameHeader, isComplete: Bool) -> Action? {
        guard let kind = messageKind else { return nil }
        let isLast = isComplete && header.isFinal
        if kind == .text, !isDeflated {
            guard text.accept(bytes), !isLast || text.isAtBoundary else { return fail(.invalidText) }
        }
        if isLast, assembled.isEmpty {
            return isDeflated ? inflate(bytes, kind) : end(.message(kind, .inPlace(bytes)))
        }
        assembled.append(contentsOf: bytes)
        guard isLast else { return nil }
        let message = assembled
        return isDeflated ? message.withUnsafeBytes { inflate($0, kind) } : end(.message(kind, .assembled(message)))
    }

    private mutating func inflate(_ bytes: UnsafeRawBufferPointer, _ kind: MessageKind) -> Action {
        guard let inflater = Inflater.current else { return fail(.invalidDeflate) }
        do throws(FrameError) {
            let message = try inflater.inflate(bytes, bytesMax: limits.messageBytesMax)
            if kind == .text {
                guard message.withUnsafeBytes({ text.accept($0) }), text.isAtBoundary else { return fail(.invalidText) }
            }
            return end(.message(kind, .assembled(message)))
        } catch {
            return fail(error)
        }
    }

    private mutating func end(_ message: Action) -> Action {
        endMessage()
        return message
    }

    private mutating func endMessage() {
        messageKind = nil
        isDeflated = false
        messageBytes = 0
        fragments = 0
        assembled = []
        text = UTF8Validator()
    }

    private mutating func readControl(_ bytes: UnsafeRawBufferPointer, of header: FrameHeader, isComplete: Bool) -> Action? {
        control.append(contentsOf: bytes)
        guard isComplete else { return nil }
        let payload = control
        control = []
        switch header.opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong
        default: return readClose(payload)
        }
    }

    private mutating func readClose(_ payload: [UInt8]) -> Action {
        guard payload.count != 1 else { return fail(.closePayload) }
        guard payload.count >= 2 else {
            finish()
            return .close(code: nil)
        }
        let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
        guard CloseCode.mayBeSent(code) else { return fail(.closeCode) }
        var reason = UTF8Validator()
        let isText = payload.withUnsafeBytes { reason.accept(UnsafeRawBufferPointer(rebasing: $0[2...])) }
        guard isText, reason.isAtBoundary else { return fail(.invalidText) }
        finish()
        return .close(code: code)
    }

    // MARK: Ends

    private mutating func fail(_ error: FrameError) -> Action {
        finish()
        return .fail(error)
    }

    private mutating func finish() {
        isFinished = true
        frame = nil
        partialHeader = []
        control = []
        endMessage()
    }

    private static func take(_ count: Int, from input: inout UnsafeMutableRawBufferPointer) -> UnsafeMutableRawBufferPointer {
        let taken = UnsafeMutableRawBufferPointer(rebasing: input[..<count])
        input = UnsafeMutableRawBufferPointer(rebasing: input[count...])
        return taken
    }
}
