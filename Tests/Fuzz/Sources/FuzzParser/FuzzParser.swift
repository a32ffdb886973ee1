import FuzzDriver
import Glibc
import SPL

// Whatever the bytes are, parsing ends in a tree or a diagnostic; a tree prints back to text that parses to an equal
// tree.

private let macros = MacroTable([
    MacroDefinition(name: "source", definition: "index=main OR sourcetype=x"),
    MacroDefinition(name: "ctime", arguments: ["field"], definition: #"convert timeformat="%Y" ctime($field$)"#),
    MacroDefinition(name: "twice", arguments: ["a"], definition: "`ctime($a$)` | `ctime($a$)`"),
])

private func fuzzParser(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: count), as: UTF8.self)
    if let pipeline = try? Pipeline.parse(text) {
        precondition((try? Pipeline.parse("\(pipeline)")) == pipeline, "a pipeline does not print back")
    }
    if let expression = try? SearchExpression.parse(text) {
        precondition((try? SearchExpression.parse("\(expression)")) == expression, "search terms do not print back")
    }
    if let expression = try? EvalExpression.parse(text) {
        precondition((try? EvalExpression.parse("\(expression)")) == expression, "an expression does not print back")
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
