import Columns
import Formats
import SPL
import Search

// KernelBench ROWS SEARCH: makes a batch of that many rows, and runs the search over it when there is one. The difference
// between a run with and one without a search is what the search costs.

@main
struct KernelBench {
    static func main() throws {
        let rowCount = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 0 : 0
        let text = CommandLine.arguments.count > 2 ? CommandLine.arguments[2] : ""
        let batch = rows(rowCount)
        guard !text.isEmpty else { return print(batch.rowCount) }
        var environment = SearchEnvironment(nowMicroseconds: 1_763_886_000_000_000)
        var csv = "user,team\n"
        for number in 0..<1_000 { csv += "user\(number),team\(number % 10)\n" }
        environment.lookups.setFile("teams.csv", LookupFile(csv: Array(csv.utf8)))
        let search = try CompiledSearch.compile(
            ExpandedSearch.expand(text, macros: environment.macros), environment: environment, startsWithRows: true)
        var context = ExecutionContext(nowMicroseconds: environment.nowMicroseconds)
        print(try search.run([batch], &context).rowCount)
    }

    /// 1,000 users, 5,000 process names, one command line and one time a row, as a day of process events has them.
    private static func rows(_ count: Int) -> Batch {
        var users = ColumnBuilder()
        var names = ColumnBuilder()
        var lines: [Value] = []
        var times: [Value] = []
        lines.reserveCapacity(count)
        times.reserveCapacity(count)
        for row in 0..<count {
            users.append(.text("user\(row &* 7_919 % 1_000)"))
            names.append(.text("C:\\Program Files\\app\(row &* 104_729 % 5_000).exe"))
            lines.append(
                .text("\"C:\\Program Files\\app\(row % 5_000).exe\" --id \(row) --out C:\\temp\\\(row % 77).txt"))
            times.append(.number(1_763_800_000 + Double(row) / 16))
        }
        return Batch(
            rowCount: count,
            columns: [
                ("_time", Column(times)), ("user", users.finish()), ("process_path", names.finish()),
                ("process", Column(lines)),
            ])
    }
}
