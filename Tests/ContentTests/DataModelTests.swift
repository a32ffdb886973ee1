import SPL
import Testing

@testable import Content

@Suite struct DataModelTests {
    @Test func objectsFieldsAndCalculations() throws {
        let catalog = Repository.catalog([
            (
                "models/M.json",
                #"""
                {"modelName":"M","description":"\u00e9\/\"","objectNameList":["A","B"],"objects":[
                	{"objectName":"A","parentName":"BaseEvent","constraints":[{"search":"tag=a","owner":"A"}],
                	 "fields":[{"fieldName":"n","type":"number","required":true,"multivalue":false}],
                	 "calculations":[
                	  {"calculationType":"Eval","expression":"if(isnull(n),0,n)",
                	   "outputFields":[{"fieldName":"n","type":"number"}]},
                	  {"calculationType":"Lookup","lookupName":"l","lookupInputs":[{"inputField":"n","lookupField":"k"}],
                	   "outputFields":[{"fieldName":"o","lookupOutputFieldName":"v"}]},
                	  {"calculationType":"Rex","inputField":"n","expression":"(?<r>\\d+)",
                	   "outputFields":[{"fieldName":"r"}]}]},
                	{"objectName":"B","parentName":"A","constraints":[],"fields":[],"calculations":[]}]}
                """#
            )
        ])
        #expect(catalog.problems.isEmpty)
        let model = try #require(catalog.dataModels.first)
        #expect(model.description == "é/\"")
        #expect(model.objects.map(\.name) == ["A", "B"])
        let object = try #require(model.object(named: "A"))
        let number = DataModel.Field(name: "n", type: "number", isRequired: true, isMultivalue: false)
        #expect(object.fields == [number])
        #expect(
            object.calculations == [
                .eval(
                    output: .init(name: "n", type: "number", isRequired: false, isMultivalue: false),
                    expression: "if(isnull(n),0,n)"),
                .lookup(
                    name: "l", inputs: [.init(lookupField: "k", field: "n")],
                    outputs: [.init(lookupField: "v", field: "o")]),
                .rex(input: "n", expression: #"(?<r>\d+)"#, outputs: ["r"]),
            ])
    }

    @Test func whatIsNotUnderstoodIsNamed() {
        let catalog = Repository.catalog([
            (
                "M.json",
                #"""
                {"modelName":"M","objects":[
                 {"objectName":"A","parentName":"Z","calculations":[{"calculationType":"GeoIP"}]}]}
                """#
            )
        ])
        #expect(catalog.dataModels.isEmpty)
        #expect(
            Set(catalog.problems.map(\.diagnostic.message)) == [
                "calculation of type 'GeoIP' is not supported",
                "object 'A' has the parent 'Z', which is not defined before it",
            ])
    }

    @Test func whatAnObjectInheritsIsNotItsOwn() throws {
        let catalog = Repository.catalog([
            (
                "M.json",
                #"""
                {"modelName":"M","objects":[
                 {"objectName":"A","parentName":"BaseEvent","constraints":[{"search":"tag=a","owner":"A"}],
                  "fields":[{"fieldName":"_time","owner":"BaseEvent"},{"fieldName":"n","owner":"A"}]},
                 {"objectName":"B","parentName":"A",
                  "constraints":[{"search":"tag=a","owner":"A"},{"search":"tag=b","owner":"A.B"}],
                  "fields":[{"fieldName":"_time","owner":"BaseEvent"},{"fieldName":"n","owner":"A"},
                            {"fieldName":"m","owner":"A.B"},{"fieldName":"k"}],
                  "calculations":[{"calculationType":"Eval","owner":"A","expression":"1",
                                   "outputFields":[{"fieldName":"n"}]}]}]}
                """#
            )
        ])
        #expect(catalog.problems.isEmpty)
        let model = try #require(catalog.dataModels.first)
        #expect(model.objects.map { $0.fields.map(\.name) } == [["n"], ["m", "k"]])
        #expect(model.objects.map(\.constraints) == [["tag=a"], ["tag=b"]])
        #expect(model.objects.flatMap(\.calculations).isEmpty)
    }

    @Test func everyModelOfTheCIMIsShipped() throws {
        let catalog = try Repository.shippedCatalog()
        let names = catalog.dataModels.map(\.name).sorted()
        #expect(
            names == [
                "Alerts", "Authentication", "Certificates", "Change", "Change_Analysis", "Compute_Inventory", "DLP",
                "Data_Access", "Databases", "Email", "Endpoint", "Event_Signatures", "Identity_Management",
                "Interprocess_Messaging", "Intrusion_Detection", "JVM", "Malware", "Network_Resolution",
                "Network_Sessions", "Network_Traffic", "Performance", "Risk", "Ticket_Management", "UEBA", "Updates",
                "Vulnerabilities", "Web",
            ])
        let macros = Set(catalog.macros.filter { $0.arguments.isEmpty && $0.definition.isEmpty }.map(\.name))
        for model in catalog.dataModels where model.name != "Risk" {
            #expect(macros.contains("cim_\(model.name)_indexes"), "\(model.name)")
            for object in model.objects where object.parentName == "BaseEvent" {
                #expect(object.constraints.first?.hasPrefix("(`cim_\(model.name)_indexes`) tag=") == true)
            }
        }
    }

    @Test func noFieldOfAShippedModelIsDefinedTwiceInALineage() throws {
        for model in try Repository.shippedCatalog().dataModels {
            for object in model.objects {
                var names: [String] = []
                var next: DataModel.Object? = object
                while let current = next {
                    #expect(current.constraints.count == 1, "\(model.name).\(current.name)")
                    names += current.fields.map(\.name)
                    names += current.calculations.compactMap {
                        if case .eval(let output, _) = $0 { output.name } else { nil }
                    }
                    next = model.object(named: current.parentName)
                }
                #expect(Set(names).count == names.count, "\(model.name).\(object.name)")
                #expect(!names.contains("_time"))
            }
        }
    }

    @Test(arguments: [
        ("Endpoint", ["Processes", "Filesystem", "Registry", "Services", "Ports"]),
        ("Web", ["Web", "Proxy", "Storage"]),
        ("Network_Resolution", ["DNS"]), ("Certificates", ["All_Certificates", "SSL"]),
        (
            "Updates",
            ["Updates", "Available_Updates", "Installed_Updates", "Restart_Required_Updates", "Update_Errors"]
        ),
        ("UEBA", ["All_UEBA_Events", "UEBA_Anomalies", "UEBA_Threats"]),
    ]) func datasetsStandInOrderTheDefaultOneFirst(name: String, datasets: [String]) throws {
        let model = try #require(try Repository.shippedCatalog().dataModels.first { $0.name == name })
        #expect(model.objects.map(\.name) == datasets)
    }
}
