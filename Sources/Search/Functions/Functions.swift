/// Every eval function there is, sorted; a test compares it with the files of this folder.
public enum Functions {
    public static let all: [EvalFunction] = [
        .abs, .acos, .acosh, .asin, .asinh, .atan, .atan2, .atanh, .avg, .bitAnd, .bitNot, .bitOr, .bitShiftLeft,
        .bitShiftRight, .bitXor, .case, .ceiling, .cidrmatch, .coalesce, .commands, .cos, .cosh, .exact, .exp,
        .false, .floor, .hypot, .if, .in, .ipmask, .isarray, .isbool, .isdouble, .isint, .ismv, .isnotnull, .isnull,
        .isnum, .isobject, .isstr, .json, .jsonAppend, .jsonArray, .jsonArrayToMV, .jsonDelete, .jsonEntries,
        .jsonExtend, .jsonExtract, .jsonExtractExact, .jsonHasKeyExact, .jsonKeys, .jsonObject, .jsonSet,
        .jsonSetExact, .jsonValid, .len, .like, .ln, .log, .lookup, .lower, .ltrim, .match, .max, .md5, .min, .mvappend,
        .mvcount, .mvdedup, .mvfilter, .mvfind, .mvindex, .mvjoin, .mvmap, .mvrange, .mvreverse, .mvsort,
        .mvToJSONArray, .mvzip, .now, .null, .nullif, .pi, .pow, .printf, .random, .relativeTime, .replace, .round,
        .rtrim, .searchmatch, .sha1, .sha256, .sha512, .sigfig, .sin, .sinh, .spath, .split, .sqrt, .strftime,
        .strptime, .substr, .sum, .tan, .tanh, .time, .toarray, .tobool, .todouble, .toint, .tomv, .tonumber,
        .toobject, .tostring, .trim, .true, .typeof, .upper, .urldecode, .validate,
    ]

    /// Other spellings that the reference documents.
    public static let otherNames: [String: EvalFunction] = ["ceil": .ceiling, "length": .len]

    static let byName: [String: EvalFunction] = otherNames.merging(
        Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    ) { _, function in function }
}
