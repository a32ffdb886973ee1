import Columns
import SPL
import Search
import Testing

@testable import Engine

@Suite struct LiteralPlanTests {
    private func clauses(_ search: String) throws -> [[String]] {
        let environment = SearchEnvironment(nowMicroseconds: 0)
        let expanded = try ExpandedSearch.expand(search, macros: environment.macros)
        let compiled = try CompiledSearch.compile(expanded, environment: environment)
        guard case .events(let request) = compiled.source else { return [] }
        return request.clauses.map { $0.alternatives.map { "\($0.field)~\($0.literal)" } }
    }

    @Test func onlyTermsThatMustHoldGiveWords() throws {
        #expect(try clauses("eventName=PutImage user!=bob NOT a=deny") == [["eventName~PutImage"]])
        #expect(try clauses("eventName=Put* OR eventName=Get* x=1") == [["eventName~Put", "eventName~Get"]])
        #expect(
            try clauses("eventName IN (PutImage, \"Delete Image\")") == [["eventName~PutImage", "eventName~Delete"]])
        #expect(try clauses("eventName=* a=b*c") == [])
        #expect(try clauses("a=foo OR b>3") == [])
    }

    @Test func blocksOfAddressesAreNoWords() throws {
        #expect(try clauses("src=10.0.0.0/8 eventName=PutImage") == [["eventName~PutImage"]])
    }
}
