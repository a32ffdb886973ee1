/// Every command there is, sorted by name. A test compares it with the files of this folder.
public enum Commands {
    public static let all: [any Command.Type] = [
        ConvertCommand.self,
        DatamodelCommand.self,
        EvalCommand.self,
        FieldsCommand.self,
        FromCommand.self,
        HeadCommand.self,
        RenameCommand.self,
        SearchCommand.self,
        SortCommand.self,
        StatsCommand.self,
        TableCommand.self,
        WhereCommand.self,
    ]

    static let byName: [String: any Command.Type] = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
