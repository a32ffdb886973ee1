import Columns
import Formats
import SPL

// Source of this file: Splunk Search Reference 9.4, "Cryptographic functions". Null gives null; of a multivalue each
// value is digested.

extension EvalFunction {
    static let md5 = digest(
        .md5,
        [
            #"md5("accrue")"#: "9998138db6164234251881f99a38b5ef",
            #"md5("")"#: "d41d8cd98f00b204e9800998ecf8427e", "md5(null())": "null",
        ])
    static let sha1 = digest(
        .sha1,
        [
            #"sha1("accrue")"#: "94ea5135d58c5d0ae6cb9d85091436cb714525f3",
            #"sha1("")"#: "da39a3ee5e6b4b0d3255bfef95601890afd80709", "sha1(null())": "null",
        ])
    static let sha256 = digest(
        .sha256,
        [
            #"sha256("accrue")"#: "7270e89961b0d9ad37e6c997e0ff4a0e5c6a1696d22b531f224e4de128ac5e72",
            #"sha256("")"#: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "sha256(null())": "null",
        ])
    static let sha512 = digest(
        .sha512,
        [#"substr(sha512("accrue"), 1, 32)"#: "6b7d23abcc60d2ea37b6dceda9947752", #"len(sha512(""))"#: "128"])

    private static func digest(_ digest: MessageDigest, _ examples: KeyValuePairs<String, String>) -> EvalFunction {
        EvalFunction(
            digest.rawValue, arity: 1...1, group: .cryptographic,
            summary: "The \(digest.rawValue.uppercased()) digest of the text, in lower-case hexadecimal digits.",
            examples: examples,
            printsArguments: true
        ) { arguments throws(SearchError) in
            try arguments.mapText(0) { text throws(SearchError) in
                digest.hexDigest(text.bytes).map { .text($0) } ?? .null
            }
        }
    }
}
