import Matching
import Testing

@Suite struct AddressBlockTableTests {
    private func table(_ texts: [String]) -> AddressBlockTable<String> {
        var table = AddressBlockTable<String>()
        for text in texts { if let range = AddressRange(text) { table.insert(range, text) } }
        return table
    }

    private func found(_ table: AddressBlockTable<String>, _ text: String) -> String? {
        IPAddress(Array(text.utf8)).flatMap { table.smallest(holding: $0)?.value }
    }

    @Test func theSmallestBlockIsFound() {
        let table = table(["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "2001:db8::/32", "10.2.0.1-10.2.0.6"])
        #expect(found(table, "10.1.2.3") == "10.1.2.3")
        #expect(found(table, "10.1.2.4") == "10.1.0.0/16")
        #expect(found(table, "10.2.0.0") == "10.0.0.0/8")
        #expect(found(table, "10.2.0.5") == "10.2.0.1-10.2.0.6")
        #expect(found(table, "10.2.0.7") == "10.0.0.0/8")
        #expect(found(table, "255.255.255.255") == "0.0.0.0/0")
        #expect(found(table, "2001:DB8:0::1") == "2001:db8::/32")
        #expect(found(table, "::ffff:10.1.2.3") == nil)
    }

    @Test func theFirstOfEqualBlocksStays() {
        var table = table(["10.0.0.0/8"])
        if let range = AddressRange("10.9.9.9/8") { table.insert(range, "second") }
        #expect(found(table, "10.0.0.1") == "10.0.0.0/8")
    }

    /// The same answer as looking at every block.
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func itFindsWhatAScanFinds(seed: UInt64) throws {
        var state = seed
        func next(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        let texts = (0..<200).map { _ in "10.\(next(2)).\(next(4)).\(next(256))/\(8 + next(25))" }
        let table = table(texts)
        let ranges = texts.compactMap { AddressRange($0) }
        for _ in 0..<500 {
            let text = "10.\(next(2)).\(next(4)).\(next(256))"
            let address = try #require(IPAddress(Array(text.utf8)))
            let holding = ranges.filter { $0.first.bits <= address.bits && address.bits <= $0.last.bits }
            let smallest = holding.map { $0.last.bits - $0.first.bits }.min()
            let answer = found(table, text).flatMap { AddressRange($0) }
            #expect(answer.map { $0.last.bits - $0.first.bits } == smallest, "\(text)")
        }
    }

    @Test func addressesAreCounted() {
        func count(_ text: String) -> Int? { AddressRange(text)?.addressCount(upTo: 200) }
        #expect(count("10.0.0.7") == 1)
        #expect(count("10.0.0.0/25") == 128)
        #expect(count("10.0.0.1-10.0.0.199") == 199)
        #expect(count("10.0.0.0/24") == 200)
        #expect(count("::/0") == 200)
        #expect(count("2001:db8::/127") == 2)
    }
}
