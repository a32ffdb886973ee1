/// The names that make the first word of a subsearch without a pipe a command: `[inputlookup x]`, but `[error 500]`.
public enum SplunkCommandNames {
    /// Lower-cased names of Splunk's commands, of the Machine Learning Toolkit's and of apps that published rules call.
    ///
    /// Source: Splunk Search Reference 9.4, "Command quick reference"; MLTK User Guide, "Search commands for machine
    /// learning". A name that is missing here is still a command behind a pipe.
    public static let all: Set<String> = Set(sorted)

    static let sorted: [String] = [
        "abstract", "accum", "addcoltotals", "addinfo", "addtotals", "analyzefields", "anomalies", "anomalousvalue",
        "anomalydetection", "append", "appendcols", "appendpipe", "apply", "arules", "associate", "audit",
        "autoregress",
        "awssnsalert", "bin", "bucket", "bucketdir", "chart", "cluster", "cofilter", "collect", "concurrency",
        "contingency", "convert", "correlate", "ctable", "cyberchef", "datamodel", "datamodelsimple", "dbinspect",
        "dbxlookup", "dbxoutput", "dbxquery", "dedup", "delete", "deletemodel", "delta", "diff", "dnstwist",
        "entitymerge",
        "erex", "eval", "eventcount", "eventstats", "extract", "fieldformat", "fields", "fieldsummary", "filldown",
        "fillnull", "findtypes", "fit", "folderize", "foreach", "format", "from", "fromjson", "gauge", "gentimes",
        "geom",
        "geomfilter", "geostats", "head", "highlight", "history", "iconify", "inputcsv", "inputlookup", "iplocation",
        "join", "kmeans", "kv", "kvform", "listmodels", "loadjob", "localize", "localop", "lookup", "makecontinuous",
        "makejson", "makemv", "makeresults", "map", "mcatalog", "mcollect", "metadata", "metasearch", "meventcollect",
        "mpreview", "msearch", "mstats", "multikv", "multisearch", "mvcombine", "mvexpand", "nomv", "outlier",
        "outputcsv", "outputlookup", "outputtext", "overlap", "pivot", "predict", "rangemap", "rare", "redistribute",
        "regex", "relevancy", "reltime", "rename", "replace", "require", "rest", "return", "reverse", "rex", "rtorder",
        "run", "savedsearch", "script", "scrub", "search", "searchtxn", "selfjoin", "sendalert", "sendemail", "set",
        "setfields", "sichart", "sirare", "sistats", "sitimechart", "sitop", "snowevent", "snoweventstream",
        "snowincident", "snowincidentstream", "sort", "spath", "stats", "strcat", "streamstats", "summary", "table",
        "tags", "tail", "timechart", "timewrap", "tojson", "top", "transaction", "transpose", "trendline", "tscollect",
        "tstats", "typeahead", "typelearner", "typer", "union", "uniq", "untable", "walklex", "where", "x11", "xmlkv",
        "xmlunescape", "xpath", "xsdisplayconcept", "xsdisplaycontext", "xsfindbestconcept", "xyseries",
    ]
}
