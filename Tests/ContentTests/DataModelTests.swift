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
                .rex(input: "n", expression: #"(?<r>\d+)"#),
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
}
