import Columns
import Formats
import FuzzDriver
import Glibc
import SPL
import Search

// Any text as a search over rows with every kind of value: it ends in rows or a diagnostic, within bounds of memory and
// time. The first line of the input is one more field value.

private let environment = SearchEnvironment(nowMicroseconds: 1_763_886_000_000_000)

private func rows(_ extra: String) -> Batch {
    let times: [Value] = [
        .number(1_763_880_000), .number(1_763_880_060), .text("1763880120.5"), .null, .text("x"), .number(0),
    ]
    let texts: [Value] = [
        .text(#"{"a":{"b":[1,2,{"c":null}]}}"#), .text("<a b='1'><c>t</c></a>"), .text("k=v k2=\"v 2\""), .null,
        .text(""),
        .text(extra),
    ]
    let users: [Value] = [
        .text("bob"), .list([.text("amy"), .text("bob")]), .null, .text(""), .text("é\u{301}"), .text(extra),
    ]
    let numbers: [Value] = [
        .text("1"), .text("-2.5e3"), .number(3), .list([.text("4"), .text("x")]), .null, .text("9007199254740993"),
    ]
    let sources: [Value] = [
        .text("10.0.0.1"), .text("::1"), .null, .text("10.0.0.0/8"), .text("a*b"), .text("%41+"),
    ]
    return Batch(
        rowCount: 6,
        columns: [
            ("_time", Column(times)), ("_raw", Column(texts)), ("user", Column(users)), ("n", Column(numbers)),
            ("src", Column(sources)),
        ])
}

private func fuzzEvaluator(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = UnsafeBufferPointer(start: data, count: count)
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return 0 }
    let extra = String(decoding: bytes[..<end], as: UTF8.self)
    let text = String(decoding: bytes[(end + 1)...], as: UTF8.self)
    guard let expanded = try? ExpandedSearch.expand(text, macros: environment.macros),
        let search = try? CompiledSearch.compile(expanded, environment: environment, startsWithRows: true)
    else { return 0 }
    var limits = SearchLimits()
    limits.memoryBytes = 64 << 20
    var context = ExecutionContext(nowMicroseconds: environment.nowMicroseconds, limits: limits)
    let deadline = ContinuousClock.now + .seconds(5)
    context.isOverdue = { ContinuousClock.now > deadline }
    guard let result = try? search.run([rows(extra)], &context) else { return 0 }
    for (name, column) in zip(result.names, result.columns) {
        precondition(column.rowCount == result.rowCount, "column '\(name)' is of another length")
        for row in 0..<column.rowCount { _ = column[row].printed }
    }
    _ = search.explanation
    return 0
}

@main
struct FuzzEvaluator {
    static func main() { exit(fuzz { fuzzEvaluator($0, $1) }) }
}
