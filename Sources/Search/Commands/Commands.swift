import SPL

/// Every command there is, sorted by name. A test compares it with the files of this folder.
public enum Commands {
    public static let all: [any Command.Type] = [
        AccumCommand.self,
        AddcoltotalsCommand.self,
        AddinfoCommand.self,
        AddtotalsCommand.self,
        AnomalydetectionCommand.self,
        AppendcolsCommand.self,
        AppendCommand.self,
        AppendpipeCommand.self,
        ApplyCommand.self,
        AutoregressCommand.self,
        BinCommand.self,
        ChartCommand.self,
        CollectCommand.self,
        ConvertCommand.self,
        DatamodelCommand.self,
        DedupCommand.self,
        DeletemodelCommand.self,
        DeltaCommand.self,
        EvalCommand.self,
        EventcountCommand.self,
        EventstatsCommand.self,
        ExtractCommand.self,
        FieldformatCommand.self,
        FieldsCommand.self,
        FieldsummaryCommand.self,
        FilldownCommand.self,
        FillnullCommand.self,
        FitCommand.self,
        ForeachCommand.self,
        FormatCommand.self,
        FromCommand.self,
        FromjsonCommand.self,
        GentimesCommand.self,
        HeadCommand.self,
        HighlightCommand.self,
        InputLookupCommand.self,
        IplocationCommand.self,
        JoinCommand.self,
        ListmodelsCommand.self,
        LookupCommand.self,
        MakecontinuousCommand.self,
        MakemvCommand.self,
        MakeresultsCommand.self,
        MapCommand.self,
        MetadataCommand.self,
        MstatsCommand.self,
        MultikvCommand.self,
        MultisearchCommand.self,
        MvcombineCommand.self,
        MvexpandCommand.self,
        NomvCommand.self,
        OutlierCommand.self,
        OutputLookupCommand.self,
        RangemapCommand.self,
        RareCommand.self,
        RegexCommand.self,
        ReltimeCommand.self,
        RenameCommand.self,
        ReplaceCommand.self,
        RequireCommand.self,
        ReturnCommand.self,
        ReverseCommand.self,
        RexCommand.self,
        SearchCommand.self,
        SelfjoinCommand.self,
        SendalertCommand.self,
        SendemailCommand.self,
        SetCommand.self,
        SetfieldsCommand.self,
        SortCommand.self,
        SpathCommand.self,
        StatsCommand.self,
        StrcatCommand.self,
        StreamstatsCommand.self,
        SummaryCommand.self,
        TableCommand.self,
        TagsCommand.self,
        TailCommand.self,
        TimechartCommand.self,
        TojsonCommand.self,
        TopCommand.self,
        TransactionCommand.self,
        TransposeCommand.self,
        TrendlineCommand.self,
        TstatsCommand.self,
        TyperCommand.self,
        UnionCommand.self,
        UniqCommand.self,
        UntableCommand.self,
        WhereCommand.self,
        XmlkvCommand.self,
        XmlunescapeCommand.self,
        XpathCommand.self,
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
