// swift-tools-version: 6.2
import PackageDescription

// This file is the architecture diagram: a target may import what it names here and nothing else
// (`--explicit-target-dependency-import-check error` makes an undeclared import fail the build).

let package = Package(
    name: "ringside",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "ringside", targets: ["ringside"]),
        .library(name: "Client", targets: ["Client"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
    ],
    targets: [
        // Kernel
        .target(name: "Wire", dependencies: [.protobuf]),
        .target(name: "Core", dependencies: ["Wire", .http, .crypto]),
        .target(name: "Recurrence", dependencies: ["Wire", "Core"]),
        .target(name: "ICalendar", dependencies: ["Wire", "Core", "Recurrence"]),
        .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "Storage", dependencies: ["Wire", "Core", "CPostgreSQL", .grdb, .sqlite, .crypto]),

        // Domain: may emit inside a transaction, may not reach a socket
        .target(name: "Accounts", dependencies: ["Wire", "Core", "Storage", .crypto, .cryptoExtras, .jwt, .nio, .http]),
        .target(name: "Booking", dependencies: ["Wire", "Core", "Storage", "Accounts"]),
        .target(name: "Gym", dependencies: ["Wire", "Core", "Storage", "Accounts", "Booking", .http]),
        .target(
            name: "Rooms",
            dependencies: ["Wire", "Core", "Recurrence", "ICalendar", "Storage", "Accounts", "Booking", .crypto, .http]
        ),

        // Doorway: never imports Storage or a domain
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .target(name: "Realtime", dependencies: ["Wire", "Core", "CHiredis", .nio, .collections, .log, .metrics, .crypto]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "Gateway",
            dependencies: [
                "Wire", "Core", "Realtime", "CZlib", .nio, .nioPosix, .nioHTTP1, .nioSSL, .http, .hummingbird, .hummingbirdCore, .log,
                .crypto, .lifecycle, .metrics, .collections,
            ]
        ),

        // The real-time engine alone, without the booking domain
        .target(name: "Engine", dependencies: ["Wire", "Core", "Realtime", "Gateway", .nio, .nioPosix, .http, .log, .lifecycle, .crypto]),

        // Wiring
        .target(
            name: "Server",
            dependencies: [
                "Wire", "Core", "Storage", "Accounts", "Booking", "Gym", "Rooms", "Realtime", "Gateway", "Engine", .nio, .nioPosix,
                .hummingbird, .log, .lifecycle, .signals, .metrics, .http, .crypto,
            ]
        ),
        .executableTarget(
            name: "ringside", dependencies: ["Server", "Engine", "Client", "Club", "Wire", .arguments, .log, .nio, .nioPosix]),

        // Clients and tests
        .target(name: "SeededRandom"),
        .target(name: "ForeignPrograms"),
        .target(name: "Client", dependencies: ["Wire", .nio, .nioPosix, .nioHTTP1, .nioWebSocket, .nioSSL, .asyncHTTPClient]),
        .target(name: "ScratchDatabase", dependencies: ["CPostgreSQL"]),
        .target(name: "Club", dependencies: ["Wire", "Client", "SeededRandom", .nio]),
        .target(
            name: "ServerTesting",
            dependencies: [
                "Server", "Engine", "Client", "SeededRandom", "ScratchDatabase", "Wire", "Core", "Storage", "Accounts", "Booking", "Gym",
                "Rooms", .nio, .nioPosix, .log,
            ]
        ),
        .testTarget(name: "WireTests", dependencies: ["Wire", "SeededRandom", "ForeignPrograms"]),
        .testTarget(name: "CoreTests", dependencies: ["Core", "Wire", "SeededRandom", "ForeignPrograms", .http]),
        .testTarget(name: "RecurrenceTests", dependencies: ["Recurrence", "Core", "Wire", "SeededRandom", "ForeignPrograms"]),
        .testTarget(
            name: "ICalendarTests", dependencies: ["ICalendar", "Recurrence", "Core", "Wire", "SeededRandom", "ForeignPrograms"]),
        .testTarget(name: "StorageTests", dependencies: ["Storage", "ScratchDatabase", "Core", "Wire", "SeededRandom", .grdb, .sqlite]),
        .testTarget(name: "AccountsTests", dependencies: ["Accounts", "Core", "Wire"]),
        .testTarget(
            name: "RealtimeTests",
            dependencies: ["Realtime", "ServerTesting", "Core", "Wire", "SeededRandom", .nio, .nioPosix, .nioEmbedded, .log]),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Gateway", "Realtime", "Core", "Wire", "SeededRandom", "CZlib", .nio, .nioPosix, .nioEmbedded, .nioHTTP1, .nioWebSocket,
                .nioSSL,
                .http, .hummingbird, .log, .lifecycle,
            ]
        ),
        .testTarget(
            name: "EngineTests",
            dependencies: ["Engine", "ServerTesting", "Client", "SeededRandom", "Realtime", "Core", "Wire", .nio, .nioPosix, .http]),
        .testTarget(name: "ClientTests", dependencies: ["Client", "Club", "Wire"]),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "ServerTesting", "Server", "Client", "SeededRandom", "ForeignPrograms", "ScratchDatabase", "Wire", "Core", "Storage",
                "Accounts", "Booking", "Gym", "Rooms", "Realtime", "Gateway", .nio, .nioPosix, .nioSSL, .http, .lifecycle, .grdb,
            ]
        ),
    ]
)

extension Target.Dependency {
    static let nio: Self = .product(name: "NIOCore", package: "swift-nio")
    static let nioPosix: Self = .product(name: "NIOPosix", package: "swift-nio")
    static let nioHTTP1: Self = .product(name: "NIOHTTP1", package: "swift-nio")
    static let nioWebSocket: Self = .product(name: "NIOWebSocket", package: "swift-nio")
    static let nioEmbedded: Self = .product(name: "NIOEmbedded", package: "swift-nio")
    static let http: Self = .product(name: "HTTPTypes", package: "swift-http-types")
    static let log: Self = .product(name: "Logging", package: "swift-log")
    static let crypto: Self = .product(name: "Crypto", package: "swift-crypto")
    static let cryptoExtras: Self = .product(name: "CryptoExtras", package: "swift-crypto")
    static let collections: Self = .product(name: "DequeModule", package: "swift-collections")
    static let hummingbird: Self = .product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore: Self = .product(name: "HummingbirdCore", package: "hummingbird")
    static let grdb: Self = .product(name: "GRDB", package: "GRDB.swift")
    static let sqlite: Self = .product(name: "GRDBSQLite", package: "GRDB.swift")
    static let jwt: Self = .product(name: "JWTKit", package: "jwt-kit")
    static let lifecycle: Self = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let signals: Self = .product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let asyncHTTPClient: Self = .product(name: "AsyncHTTPClient", package: "async-http-client")
    static let protobuf: Self = .product(name: "SwiftProtobuf", package: "swift-protobuf")
    static let nioSSL: Self = .product(name: "NIOSSL", package: "swift-nio-ssl")
    static let metrics: Self = .product(name: "Metrics", package: "swift-metrics")
    static let arguments: Self = .product(name: "ArgumentParser", package: "swift-argument-parser")
}
