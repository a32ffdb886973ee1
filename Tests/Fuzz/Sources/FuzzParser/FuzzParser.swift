import FuzzDriver
import Glibc
import SPL

// Whatever the bytes are, parsing ends in a tree or a diagnostic, and so does parsing what a tree prints. That searches
// people write print back to equal trees is tested elsewhere (SPLTests).

private let macros = MacroTable([
    MacroDefinition(name: "source", definition: "index=main OR sourcetype=x"),
    MacroDefinition(name: "ctime", arguments: ["field"], definition: #"convert timeformat="%Y" ctime($field$)"#),
    MacroDefinition(name: "twice", arguments: ["a"], definition: "`ctime($a$)` | `ctime($a$)`"),
])

private func fuzzParser(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: count), as: UTF8.self)
    if let pipeline = try? Pipeline.parse(text) {
        _ = try? Pipeline.parse("\(pipeline)")
    }
    if let expression = try? SearchExpression.parse(text) {
        _ = try? SearchExpression.parse("\(expression)")
    }
    if let expression = try? EvalExpression.parse(text) {
        _ = try? EvalExpression.parse("\(expression)")
    }
    _ = try? EvalAssignment.parseList(text)
    _ = try? MacroDefinition.parse(text)
    if let expanded = try? ExpandedSearch.expand(text, macros: macros) { _ = try? Pipeline.parse(expanded.text) }
    return 0
}

@main
struct FuzzParser {
    static func main() { exit(fuzz { fuzzParser($0, $1) }) }
}
