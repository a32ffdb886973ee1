/// The codes of this layer: E1xx for text, macros and quotes, E2xx for grammar. E3xx is compilation, E4xx content, E5xx
/// input, E6xx the index, each listed by its own layer. A code is never given to another meaning.
public enum SyntaxCode: String, CaseIterable, Sendable {
    case unterminatedString = "E101"
    case unterminatedComment = "E102"
    case unterminatedMacroCall = "E103"
    case malformedMacroCall = "E104"
    case unknownMacro = "E105"
    case wrongArgumentCount = "E106"
    case macroRecursion = "E107"
    case macrosTooDeep = "E108"
    case expansionTooLarge = "E109"
    case tooManyExpansions = "E110"
    case evalMacro = "E111"
    case malformedMacroDefinition = "E112"
    case unexpandedMacro = "E113"

    case unterminatedSubsearch = "E201"
    case strayBracket = "E202"
    case nestedTooDeep = "E203"
    case commandNameExpected = "E204"
    case emptySearch = "E205"
    case unclosedParenthesis = "E206"
    case strayParenthesis = "E207"
    case operandMissing = "E208"
    case valueMissing = "E209"
    case valueIsParenthesis = "E210"
    case valueIsOperatorWord = "E211"
    case comparisonWithoutField = "E212"
    case unknownOperator = "E213"
    case secondSubsearchInList = "E214"
    case malformedDirective = "E215"
    case malformedValueList = "E216"

    case expressionExpected = "E221"
    case unexpectedInExpression = "E222"
    case unterminatedFieldName = "E223"
    case nameStartsWithDigit = "E224"
    case unknownCharacter = "E225"
    case expressionTooLong = "E226"
    case subsearchInExpression = "E227"
    case assignmentTargetMissing = "E228"
    case assignmentWithoutEquals = "E229"
    case assignmentsNotSeparated = "E230"

    case fieldNameExpected = "E241"
    case unexpectedArgument = "E242"
    case parenthesisExpected = "E243"

    /// What the code says, in one line.
    public var meaning: String {
        switch self {
        case .unterminatedString: "a double-quoted string is not closed"
        case .unterminatedComment: "a comment of three backticks is not closed"
        case .unterminatedMacroCall: "a macro call has no closing backtick"
        case .malformedMacroCall: "the text between two backticks is not a macro call"
        case .unknownMacro: "no macro of that name is defined"
        case .wrongArgumentCount: "the macro exists, but not with that number of arguments"
        case .macroRecursion: "a macro calls itself, directly or through others"
        case .macrosTooDeep: "macro calls are nested too deeply"
        case .expansionTooLarge: "the search is too long after macro expansion"
        case .tooManyExpansions: "the search expands too many macro calls"
        case .evalMacro: "the macro is eval-based, which is not supported"
        case .malformedMacroDefinition: "a macro definition is not of the form name(arguments)=definition"
        case .unexpandedMacro: "a backtick is left after macro expansion"
        case .unterminatedSubsearch: "a subsearch is not closed"
        case .strayBracket: "a bracket closes no subsearch"
        case .nestedTooDeep: "subsearches, parentheses, calls or NOT are nested too deeply"
        case .commandNameExpected: "a pipe is not followed by a command name"
        case .emptySearch: "a search or subsearch holds no command"
        case .unclosedParenthesis: "a parenthesis is not closed"
        case .strayParenthesis: "a parenthesis closes nothing"
        case .operandMissing: "AND, OR or NOT lacks a term"
        case .valueMissing: "a comparison of search lacks its value"
        case .valueIsParenthesis: "the value of a search comparison is a parenthesis"
        case .valueIsOperatorWord: "the value of a search comparison is an unquoted operator word"
        case .comparisonWithoutField: "a comparison of search lacks its field"
        case .unknownOperator: "there is no such comparison operator"
        case .secondSubsearchInList: "a list of values holds two subsearches"
        case .malformedDirective: "TERM() or CASE() is not used as it must be"
        case .malformedValueList: "the list of an IN is malformed"
        case .expressionExpected: "an eval expression lacks an operand"
        case .unexpectedInExpression: "something follows an eval expression that cannot"
        case .unterminatedFieldName: "a single-quoted field name is not closed"
        case .nameStartsWithDigit: "an unquoted name in an eval expression starts with a digit"
        case .unknownCharacter: "a character cannot stand in an expression outside quotes"
        case .expressionTooLong: "a chain of operators in an eval expression is too long"
        case .subsearchInExpression: "a subsearch stands in an eval expression, which is not supported"
        case .assignmentTargetMissing: "an eval assignment lacks its field"
        case .assignmentWithoutEquals: "an eval assignment lacks its '='"
        case .assignmentsNotSeparated: "eval assignments are not separated by a comma"
        case .fieldNameExpected: "a command's argument must be a field name here"
        case .unexpectedArgument: "a command has an argument that it does not take"
        case .parenthesisExpected: "a command's argument must be in parentheses here"
        }
    }
}

extension Diagnostic {
    /// Text from the search is quoted in messages, and may be of any length: a long message loses its middle.
    init(_ code: SyntaxCode, _ message: String, span: Span?, hint: String? = nil) {
        self.init(code.rawValue, Self.shortened(message), span: span, hint: hint.map(Self.shortened))
    }

    private static func shortened(_ message: String) -> String {
        guard message.utf8.count > 300, message.count > 300 else { return message }
        return message.prefix(150) + "..." + message.suffix(120)
    }
}
