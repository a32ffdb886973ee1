import Matching
import Testing

private func fold(_ text: String) -> String { String(decoding: CaseFolding.fold(Array(text.utf8)), as: UTF8.self) }

struct CaseFoldingTests {
    @Test(arguments: [
        ("PowerShell.EXE", "powershell.exe"), ("[@`{]^_Z", "[@`{]^_z"), ("ÀÉÖØÞß×÷ÿ", "àéöøþß×÷ÿ"),
        ("ĀĂĮĲŁŃŠŸŽſıİ", "āăįĳłńšÿžſıİ"),
        ("ΆΈΊΌΎΏΑΣΩΫς", "άέίόύώασωϋσ"), ("ЀЏАЯѠҀҊӀӁӐԮ", "ѐџаяѡҁҋӏӂӑԯ"), ("ԱՖ", "աֆ"), ("日本語🙂", "日本語🙂"), ("", ""),
    ])
    func lettersFoldOneToOne(_ sample: (text: String, expected: String)) {
        #expect(fold(sample.text) == sample.expected)
    }

    @Test func foldingAgreesWithUnicodeBelowArmeniansEnd() {
        // Left alone or folded otherwise by the simple folds than by lower-casing: see CaseFolding.swift.
        let exceptions: Set<UInt32> = [0xB5, 0x130, 0x149, 0x17F, 0x345, 0x3C2, 0x37F]
        for value in UInt32(0x80)...0x58F where !exceptions.contains(value) && !(0x180...0x385).contains(value) {
            guard let scalar = Unicode.Scalar(value), !(0x3CF...0x3FF).contains(value) || value % 2 == 0 else {
                continue
            }
            let lower = scalar.properties.lowercaseMapping
            if (0x3CF...0x3FF).contains(value), !(0x3D8...0x3EF).contains(value) { continue }
            #expect(fold(String(Character(scalar))) == lower, "U+\(String(value, radix: 16))")
        }
    }

    @Test func invalidBytesPassAndLengthStays() {
        let bytes: [UInt8] = [0xC3, 0x41, 0xFF, 0xC3, 0x89, 0xE2, 0x82, 0xC3]
        #expect(CaseFolding.fold(bytes) == [0xC3, 0x61, 0xFF, 0xC3, 0xA9, 0xE2, 0x82, 0xC3])
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let bytes = (0..<20).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let folded = CaseFolding.fold(bytes)
            #expect(folded.count == bytes.count && CaseFolding.fold(folded) == folded)
        }
    }
}
