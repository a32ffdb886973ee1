import Formats
import Testing

struct SHA256Tests {
    /// FIPS 180-2, appendix B, and the digests of nothing.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func digestsAgreeWithTheStandard(_ sample: (text: String, digest: String)) {
        #expect(SHA256.hexDigest(Array(sample.text.utf8)) == sample.digest)
        #expect(MessageDigest.sha256.hexDigest(Array(sample.text.utf8)) == sample.digest)
    }

    @Test func otherDigestsAreThere() {
        let abc = Array("abc".utf8)
        #expect(MessageDigest.md5.hexDigest(abc) == "900150983cd24fb0d6963f7d28e17f72")
        #expect(MessageDigest.sha1.hexDigest(abc) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(MessageDigest.sha512.hexDigest([])?.hasPrefix("cf83e1357eefb8bdf1542850d66d8007") == true)
    }
}
