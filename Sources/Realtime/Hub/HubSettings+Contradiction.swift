extension HubSettings {
    /// Settings that can't hold together.
    public enum Contradiction: Error, Hashable {
        /// A pong may be as late as the next ping. Two of them would be under way, and nobody could tell which one was answered.
        case pongNotBeforePing
        /// A message of a client may be larger than what is sure to fit another one's queue.
        case messageBeyondQueue
    }

    /// The first pair of settings that can't hold together; nil where all is well. Whoever reads settings from outside asks, and names what
    /// the operator wrote. A ``Hub`` can't be made with one.
    public var contradiction: Contradiction? {
        guard pongSeconds < pingSeconds else { return .pongNotBeforePing }
        guard messageBytesMax <= publicationBytesMax else { return .messageBeyondQueue }
        return nil
    }
}
