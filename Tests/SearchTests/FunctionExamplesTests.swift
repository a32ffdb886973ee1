import Columns
import Formats
import SPL
import Search
import Testing

/// Each function's own examples hold: they are its documentation.
@Suite struct FunctionExamplesTests {
    @Test(arguments: Functions.all.map(\.name)) func examplesHold(_ name: String) throws {
        let function = try #require(Functions.all.first { $0.name == name })
        #expect(!function.examples.isEmpty, "\(name) has no example")
        let environment = SearchEnvironment(nowMicroseconds: EvalFunction.exampleNowMicroseconds)
        let row = Batch(
            rowCount: 1, columns: EvalFunction.exampleRow.map { ($0.field, Column(constant: $0.value, rowCount: 1)) })
        for (expression, expected) in function.examples {
            let compiled = try CompiledExpression(
                EvalExpression.parse(expression), context: CompileContext(environment: environment))
            let context = ExecutionContext(nowMicroseconds: environment.nowMicroseconds)
            let value = try compiled.evaluate(row, context)[0]
            #expect((value.printed?.string ?? "null") == expected, "\(expression)")
        }
    }

    @Test func namesAreUnique() {
        let names = Functions.all.map(\.name) + Functions.otherNames.keys
        #expect(Set(names).count == names.count)
    }
}
