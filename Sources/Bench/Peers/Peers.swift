/// The table of peers: one file each, one line here, sorted.
enum Peers {
    static let all: [Peer] = [
        .chDB,
        .duckDB,
        .polars,
    ]
}
