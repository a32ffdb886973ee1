import Testing

struct TableTests {
    @Test(arguments: ["Commands", "Functions", "Aggregates"])
    func everyDeclarationIsInItsSortedTable(kind: String) throws {
        let files = SourceTree.swiftFiles(below: "Sources/Search/\(kind)")
        guard !files.isEmpty else { return }
        let tables = SourceTree.swiftFiles(below: "Sources/Search").filter { $0.hasSuffix("/\(kind).swift") }
        let table = try #require(tables.first, "Sources/Search has no \(kind).swift")
        let listed = try #require(TableScan.entries(of: try SourceTree.text(table)), "\(table) has no 'static let all'")
        #expect(listed == listed.sorted { ($0.lowercased(), $0) < ($1.lowercased(), $1) }, "\(table) is not sorted")
        #expect(listed.count == Set(listed).count, "\(table) lists an entry twice")

        var declared: Set<String> = []
        for file in files where file != table {
            for name in TableScan.declarations(in: try SourceTree.text(file)) {
                declared.insert(name)
                #expect(listed.contains(name), "\(file) declares '\(name)', which \(table) does not list")
            }
        }
        for name in listed where !declared.contains(name) {
            Issue.record("\(table) lists '\(name)', which no file of Sources/Search/\(kind) declares")
        }
    }

    @Test func tablesAreReadAsWritten() {
        let table = """
            enum Commands {
                static let all: [any Command.Type] = [
                    BinCommand.self,  // also bucket, discretize
                    HeadCommand.self,
                ]
            }
            """
        #expect(TableScan.entries(of: table) == ["BinCommand", "HeadCommand"])
        #expect(TableScan.entries(of: "static let all = [.abs, EvalFunction.`case`, .len]") == ["abs", "case", "len"])
        #expect(TableScan.entries(of: "let all = 1") == nil)
    }

    @Test func declarationsAreFoundInCommandFilesAndFunctionFiles() {
        let command = """
            struct HeadCommand: Command {
                static let name = "head"
                var count = 10
            }
            struct FromCommand: GeneratingCommand, Sendable {}
            private struct HeadOperator: Operator { let name: String = "head" }
            """
        #expect(TableScan.declarations(in: command) == ["HeadCommand", "FromCommand"])
        let functions = """
            extension EvalFunction {
                static let len = EvalFunction("len") { arguments in
                    let inner = 1
                }
                static let `case`: EvalFunction = choice("case")
                private static let table = [1]
            }
            extension Double {
                static let other = 1.0
            }
            """
        #expect(TableScan.declarations(in: functions) == ["len", "case"])
    }
}
