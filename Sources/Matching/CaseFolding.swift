// Case folding of UTF-8 bytes. `search` ignores case by Unicode's simple folding (docs/decisions/0002); log text is
// almost all ASCII, so that goes first and the rest is a few ranges by hand: Latin-1, Latin Extended-A, Greek, Cyrillic
// and Armenian. All of these map two bytes to two bytes, so folding never moves an offset, and nothing outside ASCII
// folds into ASCII. Left alone, because their folds change length or language: İ, ı, ſ, ß, and other scripts.
//
// Source: Unicode CaseFolding.txt, statuses C and S, blocks U+0080 to U+058F.

public enum CaseFolding {
    /// `bytes` in lower case. Bytes that are not valid UTF-8 pass unchanged.
    public static func fold(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytes.count) { output, count in
            bytes.withUnsafeBytes { fold($0, into: UnsafeMutableRawBufferPointer(output)) }
            count = bytes.count
        }
    }

    /// Writes `bytes` in lower case to `output`, which must hold as many.
    static func fold(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) {
        precondition(output.count >= bytes.count, "no room for the folded text")
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                output[index] = asciiLower(byte)
            } else if byte & 0xE0 == 0xC0, index + 1 < bytes.count, bytes[index + 1] & 0xC0 == 0x80 {
                let scalar = lower(UInt32(byte & 0x1F) << 6 | UInt32(bytes[index + 1] & 0x3F))
                output[index] = 0xC0 | UInt8(truncatingIfNeeded: scalar >> 6)
                output[index + 1] = 0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F)
                index += 1
            } else {
                output[index] = byte
            }
            index += 1
        }
    }

    /// Calls `body` with the folded bytes, which live on the stack where they are few.
    static func withFolded<Result>(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result)
        -> Result
    {
        withUnsafeTemporaryAllocation(byteCount: bytes.count, alignment: 1) { buffer in
            fold(bytes, into: buffer)
            return body(UnsafeRawBufferPointer(buffer))
        }
    }

    static func isASCII(_ bytes: some Sequence<UInt8>) -> Bool { bytes.allSatisfy { $0 < 0x80 } }

    @inline(__always)
    static func asciiLower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

    /// The simple fold of a scalar below U+0800.
    private static func lower(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0xC0...0xDE: scalar == 0xD7 ? scalar : scalar + 0x20
        case 0x100...0x12F, 0x132...0x137, 0x14A...0x177: scalar | 1
        case 0x139...0x148, 0x179...0x17E: scalar + (scalar & 1)
        case 0x178: 0xFF
        case 0x386: 0x3AC
        case 0x388...0x38A: scalar + 0x25
        case 0x38C: 0x3CC
        case 0x38E, 0x38F: scalar + 0x3F
        case 0x391...0x3A1, 0x3A3...0x3AB: scalar + 0x20
        case 0x3C2: 0x3C3
        case 0x3D8...0x3EF: scalar | 1
        case 0x400...0x40F: scalar + 0x50
        case 0x410...0x42F: scalar + 0x20
        case 0x460...0x481, 0x48A...0x4BF, 0x4D0...0x52F: scalar | 1
        case 0x4C0: 0x4CF
        case 0x4C1...0x4CE: scalar + (scalar & 1)
        case 0x531...0x556: scalar + 0x30
        default: scalar
        }
    }
}
