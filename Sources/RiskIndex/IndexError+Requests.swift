// Requests that the index cannot follow: nothing is wrong with it.

extension IndexError {
    /// Whether another request would do.
    public var isAboutRequest: Bool {
        [.fileExists, .unknownEntity, .ambiguousEntity, .badAnswer].contains(code)
    }

    static func fileExists(path: String) -> IndexError {
        IndexError(
            code: .fileExists, message: "there is something at '\(path)' already",
            hint: "name a file that is not there yet, or move that one away")
    }

    static func unknownEntity(_ name: String, path: String) -> IndexError {
        IndexError(
            code: .unknownEntity, message: "risk index '\(path)' knows no entity '\(name)'",
            hint: "check the name; for an entity without any risk yet say what it is with --type user")
    }

    static func ambiguousEntity(_ name: String, names: [String], path: String) -> IndexError {
        IndexError(
            code: .ambiguousEntity,
            message: "'\(name)' names several entities in '\(path)': \(names.prefix(5).joined(separator: ", "))",
            hint: "say which with --type, or give its normalized name")
    }

    static func badAnswer(_ cause: String, path: String) -> IndexError {
        IndexError(
            code: .badAnswer, message: "\(cause); nothing is written to '\(path)'",
            hint: "`accrue search 'index=risk | table risk_event_id risk_object risk_message'` lists the events")
    }

    /// For the checks of an index that found something.
    public static func doesNotHold(_ result: IndexCheckResult, path: String) -> IndexError {
        IndexError(
            code: .doesNotHold,
            message: "risk index '\(path)' fails check '\(result.check.rawValue)' in \(result.faultCount) places",
            hint: "restore the file from a backup, or move it away and run `accrue run` on the same input")
    }
}
