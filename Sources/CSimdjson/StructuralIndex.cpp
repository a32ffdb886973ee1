#include "StructuralIndex.hpp"

namespace accrue {

size_t StructuralIndex::invalidUTF8Offset(const uint8_t *bytes, size_t length) {
    size_t at = 0;
    while (at < length) {
        const uint8_t lead = bytes[at];
        size_t more;
        uint8_t low = 0x80, high = 0xBF;  // bounds of the second byte: no overlong forms, no surrogates
        if (lead < 0x80) { at++; continue; }
        if (lead >= 0xC2 && lead <= 0xDF) {
            more = 1;
        } else if (lead >= 0xE0 && lead <= 0xEF) {
            more = 2;
            if (lead == 0xE0) low = 0xA0;
            if (lead == 0xED) high = 0x9F;
        } else if (lead >= 0xF0 && lead <= 0xF4) {
            more = 3;
            if (lead == 0xF0) low = 0x90;
            if (lead == 0xF4) high = 0x8F;
        } else {
            return at;
        }
        if (at + more >= length) return at;
        for (size_t index = 1; index <= more; index++) {
            const uint8_t byte = bytes[at + index];
            if (byte < low || byte > high) return at;
            low = 0x80;
            high = 0xBF;
        }
        at += more + 1;
    }
    return length;
}

size_t StructuralIndex::controlCharacterOffset(const uint8_t *bytes, size_t length) {
    bool inString = false;
    for (size_t at = 0; at < length; at++) {
        if (bytes[at] == '"') {
            inString = !inString;
        } else if (inString && bytes[at] == '\\') {
            at++;
        } else if (inString && bytes[at] < 0x20) {
            return at;
        }
    }
    return length;
}

}  // namespace accrue
