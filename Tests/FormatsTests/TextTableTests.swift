import Columns
import Formats
import Testing

struct TextTableTests {
    private func cells(_ text: String, _ options: TextTable.Options = TextTable.Options()) -> [String] {
        let bytes = Array(text.utf8)
        return TextTable.all(in: bytes, options).flatMap { table in
            table.rows.map { row in
                zip(table.names, row.cells).map { name, cell in
                    "\(name)=\(cell.map { String(decoding: bytes[$0], as: UTF8.self) } ?? "-")"
                }.joined(separator: " ")
            }
        }
    }

    @Test func wordsInOrderAndTheRestOfTheLine() {
        #expect(
            cells("PID CMD\n1 init -a\n22 sh\n") == ["PID=1 CMD=init -a", "PID=22 CMD=sh"])
    }

    @Test func aHeaderIsFoundBehindOtherLines() {
        #expect(cells("up 3 days\n\nPID CMD\n1 init\n") == ["PID=1 CMD=init"])
        #expect(cells("1 2\n3 4\n").isEmpty)
        #expect(cells("").isEmpty)
    }

    @Test func namesAreCleanAndDifferent() {
        #expect(cells("%CPU %CPU --\n1 2 3") == ["CPU=1 CPU_2=2 Column_3=3"])
    }

    @Test func tabsAndCommas() {
        #expect(cells("a b\tc\n1\t\n\t2 3") == ["a_b=1", "a_b=- c=2 3"])
        #expect(cells("a,b\n\"1,2\",3\n") == ["a=\"1,2\" b=3"])
    }

    @Test func brokenTextsNeverTrap() {
        for text in [
            ",", "\t", "\"", "\n\n", "A\n", "A,\n,", "\u{80}\n\u{80} a", "A  B\n   \u{0}", "A B\n\nC D\n\nE F\n",
        ] {
            for hasHeader in [true, false] {
                for line in [nil, 1, 2, 99] {
                    var options = TextTable.Options()
                    options.hasHeader = hasHeader
                    options.headerLine = line
                    _ = cells(text, options)
                }
            }
        }
        _ = cells(String(repeating: "A B\n\n", count: 2_000))
        _ = cells(String(repeating: "A ", count: 500) + "\n1 2\n")
    }
}
