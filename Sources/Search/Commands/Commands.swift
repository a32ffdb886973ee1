import SPL

/// Every command there is, sorted by name. A test compares it with the files of this folder.
public enum Commands {
    public static let all: [any Command.Type] = [
        AddinfoCommand.self,
        BinCommand.self,
        AppendcolsCommand.self,
        AppendCommand.self,
        AppendpipeCommand.self,
        CollectCommand.self,
        ConvertCommand.self,
        DatamodelCommand.self,
        DedupCommand.self,
        AccumCommand.self,
        AddcoltotalsCommand.self,
        AddtotalsCommand.self,
        AnomalydetectionCommand.self,
        AutoregressCommand.self,
        ChartCommand.self,
        ConvertCommand.self,
        DatamodelCommand.self,
        DeltaCommand.self,
        EvalCommand.self,
        EventstatsCommand.self,
        FieldformatCommand.self,
        FieldsCommand.self,
        FilldownCommand.self,
        FillnullCommand.self,
        FormatCommand.self,
        FieldsummaryCommand.self,
        ForeachCommand.self,
        FromCommand.self,
        HeadCommand.self,
        HighlightCommand.self,
        MakemvCommand.self,
        MstatsCommand.self,
        MvcombineCommand.self,
        MvexpandCommand.self,
        NomvCommand.self,
        RegexCommand.self,
        ReltimeCommand.self,
        MakecontinuousCommand.self,
        OutlierCommand.self,
        RangemapCommand.self,
        RareCommand.self,
        InputLookupCommand.self,
        LookupCommand.self,
        MstatsCommand.self,
        OutputLookupCommand.self,
        JoinCommand.self,
        MapCommand.self,
        MultisearchCommand.self,
        RenameCommand.self,
        ReplaceCommand.self,
        RequireCommand.self,
        ReturnCommand.self,
        ReverseCommand.self,
        RexCommand.self,
        SearchCommand.self,
        SetfieldsCommand.self,
        SelfjoinCommand.self,
        SendalertCommand.self,
        SetCommand.self,
        SortCommand.self,
        StatsCommand.self,
        StreamstatsCommand.self,
        StrcatCommand.self,
        TableCommand.self,
        TagsCommand.self,
        TailCommand.self,
        TstatsCommand.self,
        TyperCommand.self,
        TimechartCommand.self,
        TopCommand.self,
        TransposeCommand.self,
        TrendlineCommand.self,
        UniqCommand.self,
        UntableCommand.self,
        TransactionCommand.self,
        UnionCommand.self,
        WhereCommand.self,
        XyseriesCommand.self,
    ]

    static let byName: [String: any Command.Type] = {
        var table: [String: any Command.Type] = [:]
        for type in all { for name in [type.name] + type.otherNames { table[name] = type } }
        return table
    }()

    /// - Parameter isFirst: nothing comes before it: it brings the rows.
    /// - Throws: E301 for a command that does not exist or is not supported.
    static func compile(
        _ syntax: CommandSyntax, _ context: CompileContext, isFirst: Bool
    ) throws(Diagnostic) -> any Command {
        var context = context
        context.isFirst = isFirst
        guard let type = byName[syntax.name] else { throw unknown(syntax) }
        if !type.readsSubsearches, syntax.arguments.contains(where: \.isSubsearch) {
            return try SubstitutedCommand(type, syntax, context)
        }
        return try type.init(syntax, context)
    }

    /// One command as text, for what stands for others: the first and only one of its pipeline.
    static func compile(_ text: String, _ context: CompileContext, isFirst: Bool = true) throws(Diagnostic)
        -> any Command
    {
        let pipeline = try Pipeline.parse(text)
        guard pipeline.commands.count == 1 else { throw Diagnostic("E348", "'\(text)' is not one command") }
        return try compile(pipeline.commands[0], context, isFirst: isFirst)
    }

    private static func unknown(_ syntax: CommandSyntax) -> Diagnostic {
        let supported = byName.keys.sorted()
        if let need = ForeignCommands.need(of: syntax.name) {
            return Diagnostic(
                "E308", "command '\(syntax.name)' needs what is not here: \(need.what)", span: syntax.nameSpan,
                hint: need.wayOut)
        }
        if SplunkCommandNames.all.contains(syntax.name) {
            return Diagnostic(
                "E301", "command '\(syntax.name)' is not supported", span: syntax.nameSpan,
                hint: "supported: \(supported.joined(separator: ", "))")
        }
        let nearest = NearestName.find(syntax.name, in: supported)
        return Diagnostic(
            "E301", "unknown command '\(syntax.name)'", span: syntax.nameSpan,
            hint: nearest.map { "did you mean '\($0)'?" } ?? "supported: \(supported.joined(separator: ", "))")
    }
}
