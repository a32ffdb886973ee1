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
    ///
    /// The columns are made by hand: under callgrind a row made the ordinary way costs more than the kernels do.
    private static func rows(_ count: Int) -> Batch {
        let users: [Value] = [.null] + (0..<1_000).map { .text("user\($0)") }
        let names = (0..<5_000).map { Array("C:\\Program Files\\app\($0).exe".utf8) }
        let tails = (0..<77).map { Array(" --out C:\\temp\\\($0).txt".utf8) }
        var lines: [Value] = []
        var times: [Value] = []
        lines.reserveCapacity(count)
        times.reserveCapacity(count)
        for row in 0..<count {
            var line: [UInt8] = []
            line.reserveCapacity(96)
            line.append(UInt8(ascii: "\""))
            line += names[row % names.count]
            line += "\" --id ".utf8
            append(row, to: &line)
            line += tails[row % tails.count]
            lines.append(.text(Text(line)))
            times.append(.number(1_763_800_000 + Double(row) / 16))
        }
        return Batch(
            rowCount: count,
            columns: [
                ("_time", Column(times)),
                ("user", Column(ids: (0..<count).map { UInt32($0 &* 7_919 % 1_000 + 1) }, values: users)),
                (
                    "process_path",
                    Column(
                        ids: (0..<count).map { UInt32($0 &* 104_729 % 5_000 + 1) },
                        values: [.null] + names.map { .text(Text($0)) })
                ),
                ("process", Column(lines)),
            ])
    }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        if number >= 10 { append(number / 10, to: &bytes) }
        bytes.append(UInt8(48 + number % 10))
    }
}
