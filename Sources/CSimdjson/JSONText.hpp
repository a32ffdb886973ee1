// Scalars of JSON text: numbers and escapes, read without building values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace accrue {

inline bool isBlank(uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }
inline bool isDigit(uint8_t byte) { return uint8_t(byte - '0') < 10; }

inline int hexDigit(uint8_t byte) {
    if (isDigit(byte)) return byte - '0';
    const uint8_t lower = byte | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The end of the number that starts at `text`, null if none does. RFC 8259 section 6.
inline const uint8_t *numberEnd(const uint8_t *text, const uint8_t *end) {
    if (text < end && *text == '-') text++;
    if (text == end || !isDigit(*text)) return nullptr;
    if (*text == '0') {
        text++;
    } else {
        while (text < end && isDigit(*text)) text++;
    }
    if (text < end && *text == '.') {
        text++;
        if (text == end || !isDigit(*text)) return nullptr;
        while (text < end && isDigit(*text)) text++;
    }
    if (text < end && (*text | 0x20) == 'e') {
        text++;
        if (text < end && (*text == '+' || *text == '-')) text++;
        if (text == end || !isDigit(*text)) return nullptr;
        while (text < end && isDigit(*text)) text++;
    }
    return text;
}

/// Whether the token is a number, `true`, `false` or `null`, and nothing else.
inline bool isScalarSound(const uint8_t *token, const uint8_t *stop) {
    const size_t width = size_t(stop - token);
    switch (*token) {
    case 't': return width == 4 && memcmp(token, "true", 4) == 0;
    case 'f': return width == 5 && memcmp(token, "false", 5) == 0;
    case 'n': return width == 4 && memcmp(token, "null", 4) == 0;
    default: return numberEnd(token, stop) == stop;
    }
}

/// Which of the eight bytes are backslashes: the lowest set bit is the high bit of the first one.
inline uint64_t backslashBits(uint64_t word) {
    constexpr uint64_t ones = 0x0101010101010101u;
    const uint64_t difference = word ^ ones * '\\';
    return (difference - ones) & ~difference & ones << 7;
}

inline uint64_t loadWord(const uint8_t *text) {
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return word;
}

/// The first backslash of [text, end), or end. Escapes often stand close together (JSON inside JSON), where a call of
/// memchr for each costs more than the bytes.
inline const uint8_t *firstBackslash(const uint8_t *text, const uint8_t *end) {
    for (int round = 0; round < 8 && end - text >= 8; round++, text += 8) {
        const uint64_t bits = backslashBits(loadWord(text));
        if (bits) return text + (__builtin_ctzll(bits) >> 3);
    }
    const auto *found = static_cast<const uint8_t *>(memchr(text, '\\', size_t(end - text)));
    return found ? found : end;
}

/// The backslash of the first escape in [text, end) that JSON does not know, null if all are sound.
inline const uint8_t *badEscape(const uint8_t *text, const uint8_t *end) {
    while ((text = firstBackslash(text, end)) < end) {
        if (end - text < 2) return text;
        switch (text[1]) {
        case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
            text += 2;
            break;
        case 'u':
            if (end - text < 6) return text;
            for (int digit = 2; digit < 6; digit++) {
                if (hexDigit(text[digit]) < 0) return text;
            }
            text += 6;
            break;
        default:
            return text;
        }
    }
    return nullptr;
}

inline uint8_t *writeUTF8(uint32_t codePoint, uint8_t *out) {
    if (codePoint < 0x80) {
        *out++ = uint8_t(codePoint);
    } else if (codePoint < 0x800) {
        *out++ = uint8_t(0xC0 | codePoint >> 6);
        *out++ = uint8_t(0x80 | (codePoint & 0x3F));
    } else if (codePoint < 0x10000) {
        *out++ = uint8_t(0xE0 | codePoint >> 12);
        *out++ = uint8_t(0x80 | (codePoint >> 6 & 0x3F));
        *out++ = uint8_t(0x80 | (codePoint & 0x3F));
    } else {
        *out++ = uint8_t(0xF0 | codePoint >> 18);
        *out++ = uint8_t(0x80 | (codePoint >> 12 & 0x3F));
        *out++ = uint8_t(0x80 | (codePoint >> 6 & 0x3F));
        *out++ = uint8_t(0x80 | (codePoint & 0x3F));
    }
    return out;
}

inline uint32_t fourHexDigits(const uint8_t *text) {
    return uint32_t(hexDigit(text[0]) << 12 | hexDigit(text[1]) << 8 | hexDigit(text[2]) << 4 | hexDigit(text[3]));
}

/// Decodes checked escapes; never writes beyond as many bytes as it reads. Assumes little-endian words. Returns the end of what it wrote.
inline uint8_t *unescape(const uint8_t *text, const uint8_t *end, uint8_t *out, size_t &replaced) {
    while (text < end) {
        // Whole words are copied before it is known how much of them is plain: `out` never overtakes `text`.
        const uint8_t *backslash = nullptr;
        while (end - text >= 8) {
            const uint64_t word = loadWord(text);
            const uint64_t bits = backslashBits(word);
            memcpy(out, &word, sizeof word);
            const size_t plainCount = bits ? size_t(__builtin_ctzll(bits) >> 3) : 8;
            text += plainCount;
            out += plainCount;
            if (bits) {
                backslash = text;
                break;
            }
        }
        if (!backslash) {
            while (text < end && *text != '\\') *out++ = *text++;
            backslash = text;
        }
        if (end - backslash < 2) break;
        text = backslash + 2;
        switch (backslash[1]) {
        case 'b': *out++ = '\b'; break;
        case 'f': *out++ = '\f'; break;
        case 'n': *out++ = '\n'; break;
        case 'r': *out++ = '\r'; break;
        case 't': *out++ = '\t'; break;
        case 'u': {
            if (end - text < 4) return out;
            uint32_t codePoint = fourHexDigits(text);
            text += 4;
            if (codePoint >= 0xD800 && codePoint < 0xE000) {
                const bool isHigh = codePoint < 0xDC00;
                uint32_t low = 0;
                if (isHigh && end - text >= 6 && text[0] == '\\' && text[1] == 'u') low = fourHexDigits(text + 2);
                if (low >= 0xDC00 && low < 0xE000) {
                    codePoint = 0x10000 + ((codePoint - 0xD800) << 10) + (low - 0xDC00);
                    text += 6;
                } else {
                    // Writers that cut text by UTF-16 units leave halves behind; the event is worth more than the half.
                    codePoint = 0xFFFD;
                    replaced++;
                }
            } else if (codePoint == 0) {
                codePoint = 0xFFFD;
                replaced++;
            }
            out = writeUTF8(codePoint, out);
            break;
        }
        default: *out++ = backslash[1];
        }
    }
    return out;
}

}  // namespace accrue
