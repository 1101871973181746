import Foundation
import Testing
import Wire

@Suite struct JSONCodecTests {
    @Test func `every command reads back as it was written`() throws {
        for command in everyCommand { #expect(try decodeCommands(encoded([command])) == [command]) }
        #expect(try decodeCommands(encoded(everyCommand)) == everyCommand)
    }

    @Test func `every reply and push reads back as it was written`() throws {
        for message in everyMessage { #expect(try decodeMessages(Array(encoded([message]).utf8)) == [message]) }
        #expect(try decodeMessages(Array(encoded(everyMessage).utf8)) == everyMessage)
    }

    @Test func `a connect and its subscriptions come in one frame`() throws {
        let frame = """
            {"connect":{"token":"<JWT>","name":"js"},"id":1}
            {"subscribe":{"channel":"chat:7","flag":1,"recover":true,"offset":41,"epoch":"xyz"},"id":2}

            """
        #expect(
            try decodeCommands(frame) == [
                Command(id: 1, request: .connect(ConnectRequest(token: "<JWT>", name: "js"))),
                Command(
                    id: 2,
                    request: .subscribe(SubscribeRequest(channel: "chat:7", recover: true, epoch: "xyz", offset: 41, flag: 1))
                ),
            ]
        )
    }

    @Test(
        arguments: [
            (#"{"id":3,"publish":{"channel":"chat-live:7","data":{"type":"typing"}}}"#, 3),
            (#"{"id":4,"rpc":{"method":"chat.send","data":{"a":1}}}"#, 4),
            (#"{"send":{"data":{"a":1}}}"#, 0),
            (#"{"id":5,"presence":{"channel":"chat:7"}}"#, 5),
            (#"{"id":6,"presence_stats":{"channel":"chat:7"}}"#, 6),
            (#"{"id":7,"history":{"channel":"chat:7","limit":50,"since":{"offset":10,"epoch":"xyz"}}}"#, 7),
            (#"{"id":8,"refresh":{"token":"<JWT>"}}"#, 8),
            (#"{"id":9,"sub_refresh":{"channel":"chat:7","token":"t"}}"#, 9),
            (#"{"id":10,"unsubscribe":{"channel":"chat:7"}}"#, 10),
            ("{}", 0),
        ] as [(String, UInt32)])
    func `the protocol's examples of commands are read and written`(text: String, id: UInt32) throws {
        let commands = try decodeCommands(text)
        #expect(commands.map(\.id) == [id])
        #expect(encoded(commands) == text)
    }

    @Test(arguments: [
        #"{"id":1,"connect":{"client":"0f","version":"1","expires":true,"ttl":270,"subs":{"personal:#42":{"recoverable":true,"positioned":true,"epoch":"e","offset":9}},"ping":25,"pong":true,"session":"s","node":"n"}}"#,
        #"{"id":2,"subscribe":{"recoverable":true,"positioned":true,"epoch":"xyz","offset":41,"recovered":true,"was_recovering":true,"publications":[{"data":{"a":1},"offset":42},{"data":"b","offset":43}]}}"#,
        #"{"push":{"channel":"chat:7","pub":{"data":{"a":1},"offset":44,"info":{"user":"42","client":"c"}}}}"#,
        #"{"push":{"channel":"c","pub":{"data":{"a":1},"offset":5}}}"#,
        "{}",
        #"{"id":3,"publish":{}}"#,
        #"{"id":4,"rpc":{"data":{"a":1}}}"#,
        #"{"id":6,"rpc":{}}"#,
        #"{"id":5,"presence":{"presence":{"c":{"user":"42","client":"c","conn_info":{"a":1}}}}}"#,
        #"{"id":5,"presence":{"presence":{}}}"#,
        #"{"id":6,"presence_stats":{"num_clients":0,"num_users":0}}"#,
        #"{"id":7,"history":{"publications":[],"epoch":"xyz","offset":0}}"#,
        #"{"id":8,"refresh":{"client":"c","version":"1","expires":true,"ttl":270}}"#,
        #"{"id":9,"sub_refresh":{"expires":true,"ttl":300}}"#,
        #"{"id":10,"unsubscribe":{}}"#,
        #"{"id":11,"error":{"code":103,"message":"permission denied"}}"#,
        #"{"id":12,"error":{"code":111,"message":"too many requests","temporary":true}}"#,
        #"{"push":{"channel":"c","join":{"info":{"user":"","client":"c"}}}}"#,
        #"{"push":{"channel":"c","unsubscribe":{"code":2000,"reason":"server unsubscribe"}}}"#,
        #"{"push":{"channel":"p","subscribe":{"recoverable":true,"positioned":true,"epoch":"e","offset":0,"data":1}}}"#,
        #"{"push":{"channel":"","message":{"data":{"a":1}}}}"#,
        #"{"push":{"channel":"","disconnect":{"code":3001,"reason":"shutdown","reconnect":true}}}"#,
        #"{"push":{"channel":"","refresh":{"expires":true,"ttl":60}}}"#,
    ])
    func `the protocol's examples of replies and pushes are read and written`(text: String) throws {
        #expect(encoded(try decodeMessages(Array(text.utf8))) == text)
    }

    @Test func `payloads travel verbatim but for line breaks between their tokens`() throws {
        let frame = #" { "id" : 1 , "rpc" : { "data" : {"z": 1.50,\#r"a":[ 1e2 ,"\n\r\u00e9"]}\#r, "method" : "m" } } "#
        #expect(
            try decodeCommands(frame) == [
                Command(id: 1, request: .rpc(RPCRequest(method: "m", data: RawJSON(#"{"z": 1.50,"a":[ 1e2 ,"\n\r\u00e9"]}"#))))
            ]
        )
    }

    @Test func `escapes in strings and names of channels are understood`() throws {
        let frame = #"{"id":1,"connect":{"token":"\u0061\"\\\/\n\ud83e\udd4a","subs":{"ch\u0061t:1":{"recover":true}}}}"#
        let request = ConnectRequest(token: "a\"\\/\n🥊", subs: ["chat:1": SubscribeRequest(recover: true)])
        #expect(try decodeCommands(frame) == [Command(id: 1, request: .connect(request))])
    }

    @Test func `unknown members are ignored and null is as good as absent`() throws {
        let frame = #"{"id":1,"x":[{}],"subscribe":{"channel":"c","tx":{"op":"and"},"token":null,"offset":null,"recover":null},"y":null}"#
        #expect(try decodeCommands(frame) == [Command(id: 1, request: .subscribe(SubscribeRequest(channel: "c")))])
    }

    @Test func `messages that were encoded on their own join with the separator`() throws {
        let codec = JSONCodec()
        var joined: [UInt8] = []
        for message in everyMessage {
            if !joined.isEmpty { joined += codec.separator }
            joined += encoded([message]).utf8
        }
        #expect(try decodeMessages(joined) == everyMessage)
        #expect(codec.isText)
    }
}
