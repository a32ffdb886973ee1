// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "accrue",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "accrue", targets: ["accrue"])],
    dependencies: [
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        // Level 0: C libraries behind module maps, and what imports nothing of ours.
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CVectorscan", pkgConfig: "libhs", providers: [.apt(["libvectorscan-dev"])]),
        .systemLibrary(name: "CMaxMind", pkgConfig: "libmaxminddb", providers: [.apt(["libmaxminddb-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "CSimdjson",
            cxxSettings: [.unsafeFlags(["-O3", "-DNDEBUG"])],
            linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "Columns"),
        .target(name: "SPL"),
        // Level 1: bytes.
        .target(name: "Formats", dependencies: ["Columns", "CSimdjson", "CCrypto"]),
        .target(name: "Matching", dependencies: ["Columns", "CMaxMind", "CPCRE2", "CVectorscan"]),
        // Level 2: meaning.
        .target(name: "Search", dependencies: ["SPL", "Columns", "Formats", "Matching"]),
        .target(
            name: "Content",
            dependencies: ["SPL", "Columns", "Formats", "Matching", .product(name: "Yams", package: "Yams")]),
        .target(
            name: "RiskIndex",
            dependencies: [
                "Columns", "Formats", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        // Level 3: events in, risk out.
        .target(name: "Fields", dependencies: ["Search", "SPL", "Columns", "Formats", "Matching"]),
        .target(name: "Ingest", dependencies: ["Columns", "Formats", "Matching", "CZstd", "CZlib"]),
        .target(name: "Risk", dependencies: ["Search", "Content", "RiskIndex", "Columns", "Formats", "Matching"]),
        // Level 4: the one composition.
        .target(
            name: "Engine",
            dependencies: [
                "Risk", "Fields", "Ingest", "Content", "RiskIndex", "Search", "SPL", "Columns", "Formats", "Matching",
            ]),
        // Level 5: what people read, and what measures the program.
        .target(name: "Bench", dependencies: ["Columns", "Formats"]),
        .target(
            name: "Reports", dependencies: ["Engine", "Fields", "RiskIndex", "Risk", "Formats", "Columns"]),
        // Level 6: the command line.
        .executableTarget(
            name: "accrue",
            dependencies: [
                "Bench", "Engine", "Reports", "Fields", "Ingest", "Content", "RiskIndex", "Risk", "Search", "SPL",
                "Columns",
                "Formats",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        // Tests.
        .testTarget(name: "ArchitectureTests"),
        .testTarget(name: "BenchTests", dependencies: ["Bench", "Formats"]),
        .testTarget(name: "ContentTests", dependencies: ["Content", "SPL"]),
        .testTarget(
            name: "EngineTests",
            dependencies: ["Engine", "Content", "Risk", "Search", "SPL", "RiskIndex", "Columns", "Formats"]),
        .testTarget(name: "FieldsTests", dependencies: ["Fields", "Search", "SPL", "Columns", "Formats"]),
        .testTarget(name: "FormatsTests", dependencies: ["Formats", "Columns"]),
        .testTarget(name: "IngestTests", dependencies: ["Ingest", "Columns", "Formats", "CZlib", "CZstd"]),
        .testTarget(name: "JSONTests", dependencies: ["Formats", "Columns"]),
        .testTarget(name: "MatchingTests", dependencies: ["Matching", "Columns"]),
        .testTarget(
            name: "ReportsTests",
            dependencies: ["Reports", "Engine", "Risk", "Ingest", "Content", "RiskIndex", "Formats"]),
        .testTarget(
            name: "RiskIndexTests", dependencies: ["RiskIndex", .product(name: "GRDB", package: "GRDB.swift")]),
        .testTarget(
            name: "RiskTests",
            dependencies: [
                "Risk", "Content", "RiskIndex", "SPL", "Columns", .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(name: "SPLTests", dependencies: ["SPL"]),
        .testTarget(name: "SearchTests", dependencies: ["Search", "SPL", "Columns", "Formats", "Matching"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

for target in package.targets where [.regular, .executable, .test].contains(target.type) {
    guard target.name != "CSimdjson" else { continue }
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
        ]
}
