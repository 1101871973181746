import Realtime
import Wire

extension PublicationFormat {
    /// A push of the Centrifuge client protocol in one text frame.
    static let webSocketJSON = PublicationFormat(.centrifugeJSON) { channel, publication in
        var message: [UInt8] = []
        message.reserveCapacity(publication.data.bytes.count + channel.utf8.count + 64)
        JSONCodec().append(Push(channel: channel, body: .publication(publication)), to: &message)
        return FrameWriter.frame(text: message)
    }

    /// The event's envelope in one text frame.
    static let webSocketNotification = PublicationFormat(.notification) { _, publication in
        FrameWriter.frame(text: publication.data.bytes)
    }
}
