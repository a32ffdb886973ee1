import Columns
import Formats
import Foundation
import SPL
import Search
import Testing

/// The shipped data models compile, and their calculated fields say what the models of Splunk say.
@Suite struct CIMModelTests {
    @Test func everyDatasetCompiles() throws {
        let environment = Self.environment
        #expect(environment.dataModels.count >= 27)
        for model in environment.dataModels {
            for dataset in model.datasets {
                for search in [
                    "| datamodel \(model.name) \(dataset.name) search",
                    "| from datamodel \(model.name).\(dataset.name)",
                ] {
                    do {
                        let expanded = try ExpandedSearch.expand(search, macros: environment.macros)
                        _ = try CompiledSearch.compile(expanded, environment: environment)
                    } catch {
                        Issue.record("\(search): \(error.code) \(error.message)")
                    }
                }
            }
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var dataset: String
        var row: [(String, Value)]
        var fields: String
        var expected: String

        init(_ dataset: String, _ row: [(String, Value)], _ fields: String, _ expected: String) {
            self.dataset = dataset
            self.row = row
            self.fields = fields
            self.expected = expected
        }

        var testDescription: String { "\(dataset): \(row.map { "\($0.0)=\($0.1)" }) -> \(expected)" }
    }

    private static func program(_ commandLine: String, _ name: String) -> Case {
        Case("Endpoint.Processes", [("process", .text(commandLine))], "process_name", "process_name=\(name)")
    }

    private static let cases: [Case] = [
        program(#""C:\Program Files\a b\x y.exe" /c "C:\z.exe""#, #""x y.exe""#),
        program(#""C:\tools\open.exe"#, "open.exe"),
        program(#"C:\Program Files\App\app.exe -k D:\q\r.txt"#, "app.exe"),
        program(#"C:\Windows\System32\cmd.exe /c C:\x\y.exe"#, "cmd.exe"),
        program(#"cmd.exe /c C:\x\y.exe"#, "cmd.exe"),
        program(#"C:\a.exe"#, "a.exe"),
        program("  /usr/bin/ls -la /tmp", "ls"),
        program("sh -c \"a\nb\"", "sh"),
        program("powershell", "powershell"),
        program("", "unknown"),
        Case(
            "Endpoint.Processes",
            [("process_name", .text("given.exe")), ("process", .text("other.exe")), ("parent_process", .text("p -x"))],
            "process_name parent_process_name user process",
            "process_name=given.exe parent_process_name=p user=unknown process=other.exe"),
        Case(
            "Endpoint.Processes", [("process_integrity_level", .text("High"))],
            "process_name parent_process process_integrity_level",
            "process_name=unknown parent_process=unknown process_integrity_level=high"),
        Case(
            "Endpoint.Ports", [("transport", .text("tcp")), ("dest_port", .text("53"))],
            "transport_dest_port src_port", "transport_dest_port=tcp/53 src_port:=0"),
        Case(
            "Web.Web", [("url", .text("https://u:p@host.example:8080/a/b"))], "url_domain url_length",
            "url_domain=host.example url_length:=33"),
        Case("Web.Web", [("url", .text("host.example/a"))], "url_domain", "url_domain=host.example"),
        Case(
            "Web.Web", [("url", .text("/a")), ("url_domain", .text("kept"))], "url_domain http_method",
            "url_domain=kept http_method=unknown"),
        Case(
            "Web.Proxy", [("url", .text("-")), ("status", .text(""))], "url url_domain status",
            "url=unknown url_domain=unknown status=unknown"),
        Case(
            "Web.Web", [("http_referrer", .text("http://a.example/x")), ("http_user_agent", .text("curl"))],
            "http_referrer_domain http_user_agent_length", "http_referrer_domain=a.example http_user_agent_length:=4"),
        Case(
            "Network_Traffic.All_Traffic", [("bytes_in", .text("3")), ("bytes_out", .text("4"))],
            "bytes bytes_in bytes_out packets", "bytes:=7 bytes_in=3 bytes_out=4"),
        Case(
            "Network_Traffic.All_Traffic", [("bytes", .text("10")), ("bytes_in", .text("4"))], "bytes bytes_out",
            "bytes=10 bytes_out:=6"),
        Case(
            "Network_Traffic.Blocked_Traffic",
            [("transport", .text("TCP")), ("dest_port", .text("443")), ("src_port", .text("any"))],
            "transport dest_port src_port", "transport=tcp dest_port=443 src_port:=0"),
        Case(
            "Change.Account_Management", [("signature", .text("An account was changed")), ("object", .text("bob"))],
            "result result_id object command",
            #"result="An account was changed" result_id:=-1 object=bob command=unknown"#),
        Case(
            "Change.All_Changes", [("vendor", .text("A")), ("product", .text("B"))], "vendor_product",
            #"vendor_product="A B""#),
        Case("Change.All_Changes", [("vendor", .text("A"))], "vendor_product", #"vendor_product="A unknown""#),
        Case("Change.All_Changes", [("sourcetype", .text("st"))], "vendor_product", "vendor_product=st"),
        Case("Change.All_Changes", [("x", .text("y"))], "vendor_product", "vendor_product=unknown"),
        Case(
            "Email.All_Email",
            [
                ("recipient", .list([.text("a@x.example"), .text("b@y.example"), .text("local")])),
                ("src_user", .text("c@z.example")),
            ], "recipient_count recipient_domain src_user_domain",
            "recipient_count:=3 recipient_domain=[x.example, y.example] src_user_domain=z.example"),
        Case(
            "Email.All_Email", [("x", .text("y"))], "recipient recipient_count", "recipient=unknown recipient_count:=1"),
        Case(
            "Certificates.SSL",
            [
                ("_time", .number(15)), ("ssl_start_time", .text("10")), ("ssl_end_time", .text("20")),
                ("ssl_issuer_email", .text("ca@ca.example")),
            ], "ssl_is_valid ssl_validity_window ssl_issuer_email_domain ssl_issuer",
            "ssl_is_valid:=1 ssl_validity_window:=10 ssl_issuer_email_domain=ca.example ssl_issuer=unknown"),
        Case("Certificates.SSL", [("ssl_is_valid", .text("False"))], "ssl_is_valid", "ssl_is_valid:=0"),
        Case(
            "Network_Resolution.DNS", [("query", .text("a.example")), ("reply_code", .text("NXDomain"))],
            "query query_count answer reply_code reply_code_id",
            "query=a.example query_count:=1 answer=unknown reply_code=NXDomain reply_code_id=NXDomain"),
        Case(
            "Network_Sessions.DHCP",
            [("source", .text("stream:dhcp")), ("yiaddr", .text("10.0.0.7")), ("dest_mac", .text("aa"))],
            "dest_ip dest_mac dest_dns", "dest_ip=10.0.0.7 dest_mac=aa dest_dns=unknown"),
        Case(
            "Vulnerabilities.Vulnerabilities", [("cve", .text("CVE-2017-5753")), ("msft", .text(""))],
            "cve msft severity", "cve=cve-2017-5753 severity=unknown"),
        Case(
            "Updates.Updates", [("signature_id", .text("KB1"))], "signature signature_id status",
            "signature=KB1 signature_id=KB1 status=unknown"),
        Case(
            "Alerts.Alerts", [("sourcetype", .text("aws:guardduty"))], "app severity",
            "app=aws:guardduty severity=unknown"),
        Case("Malware.Malware_Attacks", [("_time", .number(86400))], "date", "date=01-02-1970"),
    ]

    @Test(arguments: cases) func fieldsAreCalculated(_ item: Case) throws {
        let (definition, dataset) = try Self.find(item.dataset)
        let lineage = try #require(definition.lineage(of: dataset))
        let evals = lineage.flatMap(\.calculations).map { calculation in
            guard case .eval(let field, let expression) = calculation else { return "" }
            return "| eval \"\(field)\"=\(expression) "
        }.joined()
        #expect(try Self.lines(evals + "| table \(item.fields)", [item.row]) == [item.expected])
    }

    @Test func constraintsOfADatasetAndItsAncestorsHold() throws {
        func kept(_ name: String, _ rows: [[(String, Value)]]) throws -> [String] {
            let (definition, dataset) = try Self.find(name)
            let lineage = try #require(definition.lineage(of: dataset))
            let filters = lineage.flatMap(\.constraints).map { "| search \($0) " }.joined()
            return try Self.lines(filters + "| table n", rows)
        }
        let logons = [
            ("1", "success", "WS1$", ""), ("2", "failure", "WS1$", ""), ("3", "success", "amy", ""),
            ("4", "", "amy", "Failure"),
        ].map { number, action, user, result -> [(String, Value)] in
            [
                ("n", .text(number)), ("action", .text(action)), ("user", .text(user)), ("result", .text(result)),
                ("tag", .list([.text("authentication"), .text("default")])),
            ]
        }
        #expect(try kept("Authentication.Authentication", logons) == ["n=2", "n=3", "n=4"])
        #expect(try kept("Authentication.Failed_Authentication", logons) == ["n=2", "n=4"])
        #expect(try kept("Authentication.Successful_Default_Authentication", logons) == ["n=3"])
        #expect(try kept("Authentication.Insecure_Authentication", logons) == [])
        let changes = [["change"], ["change", "account"], ["account"]].map { tags -> [(String, Value)] in
            [
                ("n", .text(tags.joined(separator: "+"))), ("tag", .list(tags.map { .text($0) })),
                ("action", .text("created")),
            ]
        }
        #expect(try kept("Change.All_Changes", changes) == ["n=change", "n=change+account"])
        #expect(try kept("Change.Accounts_Created", changes) == ["n=change+account"])
    }

    // MARK: Reading the models

    private static func lines(_ search: String, _ rows: [[(String, Value)]]) throws -> [String] {
        let expanded = try ExpandedSearch.expand(search, macros: environment.macros)
        let compiled = try CompiledSearch.compile(expanded, environment: environment, startsWithRows: true)
        var context = ExecutionContext(nowMicroseconds: 0)
        return RowText.lines(try compiled.run([RowText.batch(rows)], &context))
    }

    private static func find(_ name: String) throws -> (DataModelDefinition, String) {
        let parts = name.split(separator: ".").map(String.init)
        let model = try #require(environment.dataModels.first { $0.name == parts[0] }, "no model of \(name)")
        return (model, parts[1])
    }

    private static let environment: SearchEnvironment = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.appendingPathComponent("rules/datamodels").resolvingSymlinksInPath()
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        let models = files.sorted { $0.path < $1.path }.compactMap(definition)
        return SearchEnvironment(
            macros: MacroTable(models.map { MacroDefinition(name: "cim_\($0.name)_indexes", definition: "") }),
            dataModels: models, nowMicroseconds: 0)
    }()

    private static func definition(_ file: URL) -> DataModelDefinition? {
        guard let data = try? Data(contentsOf: file),
            let json = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
            let name = json["modelName"] as? String, let objects = json["objects"] as? [[String: Any]]
        else { return nil }
        return DataModelDefinition(
            name: name,
            datasets: objects.map { object in
                func list(_ key: String) -> [[String: Any]] { object[key] as? [[String: Any]] ?? [] }
                let own = list("fields").filter { $0["owner"] as? String != "BaseEvent" }
                let parent = object["parentName"] as? String
                let calculations = list("calculations").compactMap { entry -> DataModelDefinition.Calculation? in
                    guard let output = (entry["outputFields"] as? [[String: Any]])?.first?["fieldName"] as? String,
                        let expression = entry["expression"] as? String
                    else { return nil }
                    return .eval(field: output, expression: expression)
                }
                return DataModelDefinition.Dataset(
                    name: object["objectName"] as? String ?? "", parent: parent == "BaseEvent" ? nil : parent,
                    constraints: list("constraints").compactMap { $0["search"] as? String },
                    fields: own.compactMap { $0["fieldName"] as? String } + calculations.flatMap(\.outputs),
                    calculations: calculations)
            })
    }
}
