import Client
import Gym
import ServerTesting
import Testing
import Wire

/// The server ends a subscription in the moment in which its client leaves and comes back: what is said of the old one must not be taken
/// for the new one (protocol A.6, order rule; A.11).
@Suite(.timeLimit(.minutes(5))) struct UnsubscribeRaceTests {
    private static let rounds = 40

    @Test func `the end of a subscription is never told of the next one`() async throws {
        try await TestServer.run { server in
            let venue = try await server.venue()
            let channel = venue.calendarChannel
            var endings = 0
            for round in 0..<Self.rounds {
                let socket = try await UpgradedSocket.connect(port: server.port)
                try await socket.send(
                    #"{"id":1,"connect":{"token":"\#(server.admin.token)"}}"# + "\n" + #"{"id":2,"subscribe":{"channel":"\#(channel)"}}"#
                )
                _ = try await socket.lines(2)

                async let ending = server.unsubscribeEverybody(from: channel)
                try await socket.send(
                    #"{"id":3,"unsubscribe":{"channel":"\#(channel)"}}"# + "\n" + #"{"id":4,"subscribe":{"channel":"\#(channel)"}}"#
                )
                try await ending.success()
                // Behind everything: once it is answered, all of it was said.
                try await socket.send(#"{"id":5,"ping":{}}"#)

                var story = Story()
                while !story.isOver { for line in try await socket.lines(1) { story.hear(line) } }
                #expect(story.mistakes == [], "round \(round)")
                endings += story.endings

                // What the client believes is what holds.
                try await server.announce("round \(round)", at: venue)
                try await socket.send(#"{"id":6,"ping":{}}"#)
                let first = try await socket.lines(1)[0]
                #expect(first.hasPrefix(#"{"push":"#) == story.isSubscribed, "round \(round)")
                await socket.close()
            }
            // Else the two have never met.
            #expect(endings > 0)
        }
    }

    /// What a client makes of the lines it gets, in their order.
    private struct Story {
        var isSubscribed = true
        var isOver = false
        var endings = 0
        var mistakes: [String] = []

        mutating func hear(_ line: String) {
            if line.hasPrefix(#"{"id":3,"unsubscribe""#) {
                isSubscribed = false
            } else if line.hasPrefix(#"{"id":4,"subscribe""#) {
                if isSubscribed { mistakes.append("subscribed twice") }
                isSubscribed = true
            } else if line.contains(#""unsubscribe":{"code""#) {
                if !isSubscribed { mistakes.append("an end of what is not subscribed") }
                isSubscribed = false
                endings += 1
            } else if line.hasPrefix(#"{"id":5,"#) {
                isOver = true
            } else if line != "{}" {
                mistakes.append(line)
            }
        }
    }
}

extension TestServer {
    /// Ends every subscription of the administrator's to a channel, by the server API.
    fileprivate func unsubscribeEverybody(from channel: String) async throws -> RESTResponse {
        try await admin.rest.post("/realtime/api/unsubscribe", body: ["user": "\(admin.id)", "channel": channel])
    }
}
