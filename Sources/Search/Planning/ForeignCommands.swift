/// Commands of other apps, which published rules call and which are no part of Splunk: refused by name, with what it
/// would take to run them.
enum ForeignCommands {
    struct Need: Sendable {
        var what: String
        var wayOut: String
    }

    static func need(of command: String) -> Need? { table[command] }

    private static let table: [String: Need] = [
        "cyberchef": Need(
            what: "the CyberChef app for Splunk", wayOut: "decode with eval functions, or leave the rule out"),
        "dnstwist": Need(
            what: "the dnstwist program", wayOut: "write its names into a lookup and read it with inputlookup"),
        "dbxquery": Need(
            what: "Splunk DB Connect and a database", wayOut: "export the table to CSV and read it with inputlookup"),
        "ldapsearch": Need(
            what: "a directory server", wayOut: "export the entries to CSV and read them with inputlookup"),
        "rest": Need(
            what: "a Splunk server", wayOut: "write what the call would give into a lookup"),
    ]
}
