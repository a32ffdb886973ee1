import Matching
import Testing

@Suite struct AddressRangeTests {
    private func blocks(_ text: String) -> [String]? { AddressRange(text)?.blocks.map(\.text) }

    @Test func addressesAndBlocksAreThemselves() {
        #expect(AddressRange("192.0.2.7")?.isAddress == true)
        #expect(blocks("192.0.2.7") == ["192.0.2.7/32"])
        #expect(AddressRange("192.0.2.7/32")?.isAddress == false)
        #expect(blocks("10.1.2.3/8") == ["10.0.0.0/8"])
        #expect(blocks("0.0.0.0/0") == ["0.0.0.0/0"])
        #expect(blocks("::/0") == ["0:0:0:0:0:0:0:0/0"])
        #expect(blocks("2001:db8::/32") == ["2001:db8:0:0:0:0:0:0/32"])
    }

    @Test func rangesBecomeTheFewestBlocks() {
        #expect(blocks("192.0.2.1-192.0.2.9") == ["192.0.2.1/32", "192.0.2.2/31", "192.0.2.4/30", "192.0.2.8/31"])
        #expect(blocks("192.0.2.0 - 192.0.2.255") == ["192.0.2.0/24"])
        #expect(blocks("0.0.0.0-255.255.255.255") == ["0.0.0.0/0"])
        #expect(blocks("255.255.255.254-255.255.255.255") == ["255.255.255.254/31"])
        #expect(blocks("0.0.0.1-255.255.255.254")?.count == 62)
        #expect(blocks("::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe")?.count == 254)
    }

    @Test(arguments: [
        "192.0.2.9-192.0.2.1", "192.0.2.1-::1", "192.0.2.1-", "-", "", "web1", "1.2.3.4/33", "1.2.3.4-1.2.3.5-1.2.3.6",
    ])
    func anythingElseIsNone(_ text: String) { #expect(AddressRange(text) == nil) }

    /// Every address of a small range is in just one block, and none outside.
    @Test func blocksHoldJustTheRange() throws {
        for first in 0..<32 {
            for last in first..<32 {
                let found = try #require(AddressRange("10.0.0.\(first)-10.0.0.\(last)")).blocks.compactMap {
                    CIDRBlock(Array($0.text.utf8))
                }
                for address in 0..<40 {
                    let count = found.count { $0.contains(Array("10.0.0.\(address)".utf8)) }
                    #expect(count == ((first...last).contains(address) ? 1 : 0), "\(first)-\(last): \(address)")
                }
            }
        }
    }
}
