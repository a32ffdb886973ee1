/// Every eval function there is, sorted by name. A test compares it with the files of this folder.
public enum Functions {
    public static let all: [EvalFunction] = [
        .abs, .case, .ceiling, .cidrmatch, .coalesce, .false, .floor, .if, .in, .isbool, .isint, .isnotnull, .isnull,
        .isnum, .isstr, .len, .like, .lower, .ltrim, .match, .max, .min, .mvappend, .mvcount, .mvdedup, .mvfind,
        .mvindex, .mvjoin, .mvzip, .now, .null, .nullif, .pow, .relativeTime, .replace, .round, .rtrim, .split,
        .sqrt, .strftime, .strptime, .substr, .tonumber, .tostring, .trim, .true, .typeof, .upper, .urldecode,
    ]

    static let byName: [String: EvalFunction] = {
        var table = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
        table["ceil"] = .ceiling
        return table
    }()
}
