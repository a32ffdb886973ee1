/// Commands of other apps, which published rules call and which are no part of Splunk: refused by name, with what it
/// would take to run them.
enum ForeignCommands {
    struct Need: Sendable {
        var what: String
        var wayOut: String
    }

    static func need(of command: String) -> Need? { table[command] }

    static let table: [String: Need] = [
        "cyberchef": Need(
            what: "the CyberChef app for Splunk", wayOut: "decode with eval functions, or leave the rule out"),
        "dnstwist": Need(
            what: "the dnstwist program", wayOut: "write its names into a lookup and read it with inputlookup"),
        "dbxquery": Need(
            what: "Splunk DB Connect and a database", wayOut: "export the table to CSV and read it with inputlookup"),
        "ldapsearch": Need(
            what: "a directory server", wayOut: "export the entries to CSV and read them with inputlookup"),
        "delete": Need(
            what: "the right to delete events of an index", wayOut: "leave the events out with search NOT"),
        "loadjob": Need(
            what: "search jobs of a Splunk server", wayOut: "write the job's search in its place"),
        "mcollect": Need(
            what: "a metrics index", wayOut: "use collect, or write a lookup with outputlookup"),
        "meventcollect": Need(
            what: "a metrics index", wayOut: "use collect, or write a lookup with outputlookup"),
        "outputcsv": Need(
            what: "a folder of files on a Splunk server",
            wayOut: "write a lookup with outputlookup, or let the program print CSV"),
        "run": Need(what: "a program on a Splunk server", wayOut: "remove it; pass the rows to a program of yours"),
        "savedsearch": Need(
            what: "saved searches of a Splunk server", wayOut: "write the search itself, or define it as a macro"),
        "script": Need(
            what: "a program on a Splunk server", wayOut: "remove it; pass the rows to a program of yours"),
        "tscollect": Need(what: "a namespace of tstats", wayOut: "use collect, or write a lookup with outputlookup"),
        "rest": Need(
            what: "a Splunk server", wayOut: "write what the call would give into a lookup"),
    ]
}
