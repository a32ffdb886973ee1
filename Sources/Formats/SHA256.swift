// Digests by libcrypto: for identities of findings and content, and for eval's md5(), sha1(), sha256() and sha512().

import CCrypto

public enum SHA256 {
    /// The digest as 64 lower-case hexadecimal digits.
    public static func hexDigest(_ bytes: UnsafeRawBufferPointer) -> String {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        _ = CCrypto.SHA256(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count, &digest)
        return hexadecimal(digest)
    }

    public static func hexDigest(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes { hexDigest($0) } }

    /// The 32 bytes of the digest.
    public static func digest(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, count in
            _ = bytes.withUnsafeBytes {
                CCrypto.SHA256($0.baseAddress?.assumingMemoryBound(to: UInt8.self), $0.count, digest.baseAddress)
            }
            count = Int(SHA256_DIGEST_LENGTH)
        }
    }

    /// The first eight bytes of the digest, the first one in the highest place.
    public static func first64Bits(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(SHA256_DIGEST_LENGTH)) { digest in
            _ = CCrypto.SHA256(
                bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count, digest.baseAddress)
            return digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}

/// The digests that eval functions name.
public enum MessageDigest: String, Sendable, CaseIterable {
    case md5, sha1, sha256, sha512

    /// The digest in lower-case hexadecimal digits; nil where libcrypto refuses the algorithm (MD5 under FIPS rules).
    ///
    /// Source: Splunk Search Reference, "Cryptographic functions".
    public func hexDigest(_ bytes: UnsafeRawBufferPointer) -> String? {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        let algorithm =
            switch self {
            case .md5: EVP_md5()
            case .sha1: EVP_sha1()
            case .sha256: EVP_sha256()
            case .sha512: EVP_sha512()
            }
        guard EVP_Digest(bytes.baseAddress, bytes.count, &digest, &count, algorithm, nil) == 1 else { return nil }
        return hexadecimal(digest[..<Int(count)])
    }

    public func hexDigest(_ bytes: [UInt8]) -> String? { bytes.withUnsafeBytes { hexDigest($0) } }
}

private func hexadecimal(_ digest: some Collection<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
