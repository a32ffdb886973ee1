import Testing

@testable import SPL

/// Parsing the printed text gives an equal tree, for the pipeline and for the expressions inside it.
enum RoundTrip {
    /// Checks a pipeline with all its subsearches, and returns the number of inner expressions checked.
    @discardableResult
    static func check(_ text: String, _ comment: Comment? = nil) throws -> Int {
        let pipeline = try Pipeline.parse(text)
        let printed = pipeline.description
        #expect(try Pipeline.parse(printed) == pipeline, comment ?? "\(printed)")
        return try checkExpressions(of: pipeline, comment)
    }

    static func checkSearch(_ text: String, at offset: Int = 0, _ comment: Comment? = nil) throws {
        let expression = try SearchExpression.parse(text, at: offset)
        let printed = expression.description
        #expect(try SearchExpression.parse(printed) == expression, comment ?? "\(text) prints as \(printed)")
    }

    static func checkEval(_ text: String, at offset: Int = 0, _ comment: Comment? = nil) throws {
        let expression = try EvalExpression.parse(text, at: offset)
        let printed = expression.description
        #expect(try EvalExpression.parse(printed) == expression, comment ?? "\(text) prints as \(printed)")
    }

    static func checkAssignments(_ text: String, at offset: Int = 0, _ comment: Comment? = nil) throws {
        let assignments = try EvalAssignment.parseList(text, at: offset)
        let printed = assignments.map(\.description).joined(separator: ", ")
        #expect(try EvalAssignment.parseList(printed) == assignments, comment ?? "\(text) prints as \(printed)")
    }

    private static func checkExpressions(of pipeline: Pipeline, _ comment: Comment?) throws -> Int {
        var count = 0
        for command in pipeline.commands {
            let (text, offset) = (command.argumentText, command.argumentOffset)
            switch command.name {
            case "search":
                try checkSearch(text, at: offset, comment)
                count += 1
            case "where":
                try checkEval(text, at: offset, comment)
                count += 1
            case "eval":
                try checkAssignments(text, at: offset, comment)
                count += 1
            case "tstats", "mstats":
                var reader = ArgumentReader(command)
                _ = reader.text(until: ["where"])
                if reader.consumeKeyword("where") {
                    let filter = reader.text(until: ["by", "groupby", "from", "span"])
                    try checkSearch(filter.text, at: filter.offset, comment)
                    count += 1
                }
            default:
                count += try checkEvalArguments(of: command, comment)
            }
            for token in command.arguments {
                if case .subsearch(let inner) = token.kind { count += try checkExpressions(of: inner, comment) }
            }
        }
        return count
    }

    /// `count(eval(...))` and the like.
    private static func checkEvalArguments(of command: CommandSyntax, _ comment: Comment?) throws -> Int {
        var count = 0
        var reader = ArgumentReader(command)
        while !reader.isAtEnd {
            if reader.consumeKeyword("eval"), reader.peek()?.kind == .openParenthesis {
                let inner = try reader.parenthesizedText()
                try checkEval(inner.text, at: inner.offset, comment)
                count += 1
            } else {
                _ = reader.next()
            }
        }
        return count
    }
}
