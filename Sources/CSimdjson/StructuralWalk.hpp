// The grammar walk over simdjson's structural indexes: full validation, and a visitor that sees what it wants to see.
//
// Stage 1 lists the positions of `{ } [ ] : ,`, of opening quotes, and of the first byte of every other scalar, all
// outside strings, and has checked UTF-8, unclosed strings and raw control characters. So between one structural and
// the next there is one token and blanks: a string ends at the last quote before the next structural, and no string
// needs to be scanned unless the record holds a backslash.
#pragma once

#include "CSimdjson.h"
#include "JSONText.hpp"

namespace accrue {

constexpr uint32_t depthBound = 1024;

/// Sees nothing: for checking only.
struct NoVisitor {
    bool wantsKey() const { return false; }
    bool wantsValue() const { return false; }
    void key(const uint8_t *, const uint8_t *, bool) {}
    void scalar(uint32_t, const uint8_t *, const uint8_t *, bool) {}
    void open(uint32_t, const uint8_t *) {}
    void close(const uint8_t *) {}
    int32_t failure() const { return ACCRUE_JSON_OK; }
};

/// Walks one document per call over a list of structurals that may hold several.
class StructuralWalk {
public:
    StructuralWalk(const uint8_t *text, size_t length, const uint32_t *structurals, size_t count)
        : text(text), length(length), next(structurals), end(structurals + count) {}

    const uint8_t *text;
    size_t length;
    const uint32_t *next;
    const uint32_t *end;
    /// Where the first backslash is; documents before it need no look at their strings.
    const uint8_t *backslash = nullptr;

    bool atEnd() const { return next == end; }
    /// Start of the next token, or the end of the text.
    size_t nextPosition() const { return next == end ? length : *next; }

    /// Passes over tokens before `position`, unchecked.
    void skipTo(size_t position) {
        while (next < end && *next < position) next++;
        if (backslash < text + position) findBackslash(text + position);
    }

    void findBackslash(const uint8_t *from) {
        const size_t left = size_t(text + length - from);
        const auto *found = left ? static_cast<const uint8_t *>(memchr(from, '\\', left)) : nullptr;
        backslash = found ? found : text + length;
    }

    template <class Visitor>
    AccrueJSONStatus document(Visitor &visitor, uint32_t maxDepth);

private:
    AccrueJSONStatus fail(int32_t code, size_t offset) const { return {code, offset}; }
    AccrueJSONStatus truncated() const { return {ACCRUE_JSON_TRUNCATED, length}; }

    /// The end of the token at hand: what lies before the next structural, without blanks.
    const uint8_t *tokenEnd(const uint8_t *token) const {
        const uint8_t *last = text + nextPosition();
        while (last > token && isBlank(last[-1])) last--;
        return last;
    }

    /// Checks the escapes of the string token at `quote`; `stop` is the position of its closing quote.
    bool checkEscapes(const uint8_t *stop, const uint8_t *&bad) {
        bad = badEscape(backslash, stop);
        if (bad) return false;
        findBackslash(stop);
        return true;
    }
};

template <class Visitor>
AccrueJSONStatus StructuralWalk::document(Visitor &visitor, uint32_t maxDepth) {
    uint64_t arrayBits[depthBound / 64 + 1];
    uint32_t depth = 0;
    bool inArray = false;
    const uint8_t *token;
    const uint8_t *stop;
    const uint8_t *bad;

#define ACCRUE_ADVANCE() \
    if (next == end) return truncated(); \
    token = text + *next++

    // A string token: `escaped` is whether a backslash lies in it.
#define ACCRUE_STRING(isWanted, use) \
    { \
        const bool lastToken = next == end; \
        if (isWanted || backslash < text + nextPosition()) { \
            stop = tokenEnd(token) - 1; \
            if (stop <= token || *stop != '"') \
                return fail(lastToken ? ACCRUE_JSON_UNCLOSED_STRING : ACCRUE_JSON_SYNTAX, size_t(token - text)); \
            const bool escaped = backslash < stop; \
            if (escaped && !checkEscapes(stop, bad)) return fail(ACCRUE_JSON_BAD_ESCAPE, size_t(bad - text)); \
            if (isWanted) use; \
        } \
    }

    if (next == end) return {ACCRUE_JSON_EMPTY, length};

value:
    ACCRUE_ADVANCE();
    switch (*token) {
    case '"':
        ACCRUE_STRING(visitor.wantsValue(), visitor.scalar(ACCRUE_JSON_TOKEN_STRING, token + 1, stop, escaped));
        break;
    case '{':
    case '[': {
        if (depth == maxDepth || depth == depthBound) return fail(ACCRUE_JSON_TOO_DEEP, size_t(token - text));
        const bool isArray = *token == '[';
        visitor.open(isArray ? ACCRUE_JSON_TOKEN_ARRAY : ACCRUE_JSON_TOKEN_OBJECT, token);
        const uint64_t bit = uint64_t(1) << (depth & 63);
        if (inArray) arrayBits[depth >> 6] |= bit; else arrayBits[depth >> 6] &= ~bit;
        depth++;
        inArray = isArray;
        if (next == end) return truncated();
        if (text[*next] == (isArray ? ']' : '}')) {
            token = text + *next++;
            goto close;
        }
        if (isArray) goto value;
        goto member;
    }
    case 't': case 'f': case 'n':
        stop = tokenEnd(token);
        if (!isScalarSound(token, stop)) return fail(ACCRUE_JSON_BAD_LITERAL, size_t(token - text));
        if (visitor.wantsValue())
            visitor.scalar(*token == 't' ? ACCRUE_JSON_TOKEN_TRUE : *token == 'f' ? ACCRUE_JSON_TOKEN_FALSE
                : ACCRUE_JSON_TOKEN_NULL, token, stop, false);
        break;
    case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        stop = tokenEnd(token);
        if (!isScalarSound(token, stop)) return fail(ACCRUE_JSON_BAD_NUMBER, size_t(token - text));
        if (visitor.wantsValue()) visitor.scalar(ACCRUE_JSON_TOKEN_NUMBER, token, stop, false);
        break;
    default:
        return fail(ACCRUE_JSON_SYNTAX, size_t(token - text));
    }

continueContainer:
    if (depth == 0) return {visitor.failure(), 0};
    ACCRUE_ADVANCE();
    if (*token == ',') {
        if (inArray) goto value;
        goto member;
    }
    if (*token != (inArray ? ']' : '}')) return fail(ACCRUE_JSON_SYNTAX, size_t(token - text));

close:
    visitor.close(token);
    depth--;
    inArray = arrayBits[depth >> 6] >> (depth & 63) & 1;
    goto continueContainer;

member:
    ACCRUE_ADVANCE();
    if (*token != '"') return fail(ACCRUE_JSON_SYNTAX, size_t(token - text));
    ACCRUE_STRING(visitor.wantsKey(), visitor.key(token + 1, stop, escaped));
    ACCRUE_ADVANCE();
    if (*token != ':') return fail(ACCRUE_JSON_SYNTAX, size_t(token - text));
    goto value;

#undef ACCRUE_ADVANCE
#undef ACCRUE_STRING
}

}  // namespace accrue
