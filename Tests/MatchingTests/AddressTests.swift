import Matching
import Testing

private func contains(_ block: String, _ address: String) throws -> Bool {
    try #require(CIDRBlock(Array(block.utf8))).contains(Array(address.utf8))
}

struct AddressTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.1.2.3/8", "10.9.9.9", true),
        ("192.168.1.128/25", "192.168.1.127", false), ("192.168.1.128/25", "192.168.1.128", true),
        ("0.0.0.0/0", "255.255.255.255", true),
        ("1.2.3.4/32", "1.2.3.4", true), ("1.2.3.4/32", "1.2.3.5", false), ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::1", false), ("::/0", "fe80::1%eth0", true), ("::/0", "1.2.3.4", false),
        ("0.0.0.0/0", "::1", false),
        ("fe80::/10", "FEBF::1", true), ("::ffff:10.0.0.0/104", "::ffff:10.1.2.3", true),
        ("10.0.0.0/8", "10.0.0", false),
        ("10.0.0.0/8", "10.0.0.01", false), ("10.0.0.0/8", "hostname", false), ("10.0.0.0/8", "", false),
        ("2001:db8::1/128", "2001:0db8:0:0:0:0:0:1", true),
    ])
    func blocksContainTheirAddresses(_ sample: (block: String, address: String, expected: Bool)) throws {
        #expect(try contains(sample.block, sample.address) == sample.expected)
    }

    @Test(arguments: [
        "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/-1", "10.0.0.0/08x", "::/129", "/8", "a/8",
        "10.0.0.0/255.0.0.0",
        "10.0.0.0/8 ",
    ])
    func otherTextIsNoBlock(_ text: String) {
        #expect(CIDRBlock(Array(text.utf8)) == nil)
    }

    @Test(arguments: [
        "1.2.3.4", "0.0.0.0", "255.255.255.255", "::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:1.2.3.4",
        "::1.2.3.4", "1::8", "abcd:EF01::",
        "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8",
    ])
    func addressesAreRead(_ text: String) {
        #expect(IPAddress(Array(text.utf8)) != nil)
    }

    @Test(arguments: [
        "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", " 1.2.3.4", "1..3.4", ".1.2.3", "1.2.3.", "00.1.1.1", ":", ":::",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
        "::1::", "12345::", "g::", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:", ":1", "1:2:3:4:5:6:7:1.2.3.4",
        "1.2.3.4::", "::1.2.3", "::1.2.3.4:5", "",
    ])
    func otherTextIsNoAddress(_ text: String) {
        #expect(IPAddress(Array(text.utf8)) == nil)
    }

    @Test func spellingsOfOneAddressAreEqual() {
        #expect(IPAddress(Array("2001:DB8::0:1".utf8)) == IPAddress(Array("2001:db8:0:0:0:0:0:1".utf8)))
        #expect(IPAddress(Array("::ffff:1.2.3.4".utf8)) == IPAddress(Array("::ffff:102:304".utf8)))
        #expect(IPAddress(Array("::ffff:1.2.3.4".utf8)) != IPAddress(Array("1.2.3.4".utf8)))
    }
}
