import Formats
import Testing

struct XXHash64Tests {
    /// From the reference implementation (xxhsum -H1), one for each way through the tail.
    @Test(
        arguments: [
            ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
            ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
            ("The quick brown fox jumps over the lazy dog", 0x0B24_2D36_1FDA_71BC),
        ] as [(String, UInt64)])
    func hashesAgreeWithTheReference(_ sample: (text: String, hash: UInt64)) {
        #expect(Array(sample.text.utf8).withUnsafeBytes(XXHash64.hash) == sample.hash)
    }
}
