// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// For the protocol's targets, where every microsecond counts: generic code is compiled again for the types it is used
/// with, and exclusive access is checked by the compiler alone, not at run time.
let fast: [SwiftSetting] =
    settings + [.unsafeFlags(["-cross-module-optimization", "-enforce-exclusivity=unchecked"])]

/// For tests: a cache of modules of their own.
///
/// For Testing the compiler makes modules of Swift's own once more, finds them from then on, and would make other objects
/// of the program than without the tests.
let testing: [SwiftSetting] =
    settings + [.unsafeFlags(["-module-cache-path", Context.packageDirectory + "/.build/test-modules"])]

let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

func collections(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-collections") }
func nio(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-nio") }

let package = Package(
    name: "corpusd",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "corpusd", targets: ["corpusd"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        // C libraries of the system.
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CMagic", pkgConfig: "libmagic", providers: [.apt(["libmagic-dev"])]),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CGMime", pkgConfig: "gmime-3.0", providers: [.apt(["libgmime-3.0-dev"])]),
        .systemLibrary(name: "CUchardet", pkgConfig: "uchardet", providers: [.apt(["libuchardet-dev"])]),
        // glibc's malloc.h, which Swift's Glibc module leaves out.
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // What keeps a parser of untrusted documents from everything else: Landlock and a filter of system calls.
        .target(name: "CSandbox"),
        // The embedder's loops and matrix products, compiled for each instruction set and chosen at run time.
        .target(name: "CKernels"),

        // The realtime column: pure, then at the edge.
        .target(name: "EngineIO", dependencies: [collections("DequeModule")], swiftSettings: fast),
        .target(name: "SocketIO", dependencies: ["EngineIO", collections("DequeModule")], swiftSettings: fast),
        .target(
            name: "Web",
            dependencies: [
                "CMalloc", "CZlib", "EngineIO", "SocketIO", collections("DequeModule"), collections("HeapModule"),
                hummingbird, lifecycle, logging,
                nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1"), nio("NIOWebSocket"), nioSSL,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
            ],
            swiftSettings: fast
        ),

        // The ingest column: the core, then the edges.
        .target(
            name: "Ingest", dependencies: [collections("DequeModule"), lifecycle, logging], swiftSettings: settings),
        .target(
            name: "Connectors",
            dependencies: [
                "Ingest", asyncHTTPClient, crypto, cryptoExtras, collections("DequeModule"), collections("HeapModule"),
                collections("OrderedCollections"), logging, nio("NIOCore"), nio("NIOHTTP1"), nio("NIOPosix"), system,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Processing",
            dependencies: [
                "Ingest", "CArchive", "CGMime", "CKernels", "CLibXML2", "CMagic", "CSandbox", "CUchardet", crypto,
                asyncHTTPClient, logging, nio("NIOCore"), nio("NIOHTTP1"), nio("NIOPosix"), subprocess, system,
            ],
            swiftSettings: settings
        ),
        .target(name: "Storage", dependencies: ["Ingest", crypto, grdb, logging], swiftSettings: settings),
        .target(name: "Config", dependencies: ["CYAML"], swiftSettings: settings),

        // The only glue between the columns, and the program.
        .target(
            name: "Daemon",
            dependencies: [
                "Config", "Connectors", "EngineIO", "Ingest", "Processing", "SocketIO", "Storage", "Web",
                asyncHTTPClient, crypto, hummingbird, lifecycle, logging, nioSSL, signals, nio("NIOCore"),
                nio("NIOHTTP1"),
                nio("NIOPosix"), system,
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "corpusd",
            dependencies: [
                "Config", "Daemon", "Ingest", "Processing", "SocketIO", logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),

        // Programs of the tests and of `make bench`; none is shipped.
        .executableTarget(
            name: "StorageCrashWriter",
            dependencies: ["Ingest", "Storage", logging],
            path: "Tests/StorageCrashWriter",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "embed-bench",
            dependencies: ["Ingest", "Processing", nio("NIOPosix")],
            path: "Tests/Benchmarks/embed-bench",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ingest-bench",
            dependencies: ["Connectors", "Daemon", "Ingest", "Processing", "Storage", logging, nio("NIOPosix")],
            path: "Tests/Benchmarks/ingest-bench",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "watch-bench",
            dependencies: ["CMalloc", "Connectors", "Ingest", logging],
            path: "Tests/Benchmarks/watch-bench",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "storage-bench",
            dependencies: ["Ingest", "Storage", logging],
            path: "Tests/Benchmarks/storage-bench",
            swiftSettings: settings
        ),

        .executableTarget(
            name: "socketio-testserver",
            dependencies: [
                "EngineIO", "SocketIO", "Web", lifecycle, logging, signals,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/socketio-testserver",
            swiftSettings: settings
        ),

        // Numbers for the random tests of every target, the same for the same seed.
        .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: settings),
        .testTarget(name: "EngineIOTests", dependencies: ["EngineIO", "SeededRandom"], swiftSettings: testing),
        .testTarget(
            name: "SocketIOTests", dependencies: ["EngineIO", "SeededRandom", "SocketIO"], swiftSettings: testing),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "EngineIO", "SocketIO", "Web", hummingbird, lifecycle, logging, nio("NIOCore"), nio("NIOPosix"),
            ],
            swiftSettings: testing
        ),
        .testTarget(name: "IngestTests", dependencies: ["Ingest", "SeededRandom", logging], swiftSettings: testing),
        .testTarget(
            name: "ConnectorsTests",
            dependencies: ["Connectors", "Ingest", "SeededRandom", cryptoExtras, logging, system],
            swiftSettings: testing
        ),
        .testTarget(
            name: "ProcessingTests",
            dependencies: [
                "Ingest", "Processing", "SeededRandom", "corpusd", logging, nio("NIOCore"), nio("NIOHTTP1"),
                nio("NIOPosix"), system,
            ],
            swiftSettings: testing
        ),
        .testTarget(
            name: "StorageTests",
            dependencies: ["Ingest", "SeededRandom", "Storage", "StorageCrashWriter", grdb, logging],
            swiftSettings: testing
        ),
        .testTarget(name: "ConfigTests", dependencies: ["Config", "SeededRandom"], swiftSettings: testing),
        .testTarget(
            name: "DaemonTests",
            dependencies: ["Config", "Connectors", "Daemon", "EngineIO", "Ingest", "SocketIO", "Web", logging],
            swiftSettings: testing
        ),
    ]
)
