// Checking and token lists.
#include <new>

#include "ShapeTable.hpp"
#include "StructuralIndex.hpp"

using namespace accrue;

struct AccrueJSONParser {
    StructuralIndex index;
    ShapeTable shapes;
};

namespace {

AccrueJSONStatus trailingStatus(const StructuralWalk &walk) {
    return walk.atEnd() ? AccrueJSONStatus{ACCRUE_JSON_OK, 0}
                        : AccrueJSONStatus{ACCRUE_JSON_TRAILING, walk.nextPosition()};
}

AccrueJSONStatus validateOne(
    StructuralIndex &index, const uint8_t *bytes, size_t length, uint32_t maxDepth, bool mustBeObject) {
    auto status = index.scan(bytes, length);
    if (status.code != ACCRUE_JSON_OK) return status;
    auto walk = index.walk(bytes, length);
    if (mustBeObject && bytes[walk.nextPosition()] != '{') return {ACCRUE_JSON_NOT_OBJECT, walk.nextPosition()};
    NoVisitor nobody;
    status = walk.document(nobody, maxDepth);
    return status.code == ACCRUE_JSON_OK ? trailingStatus(walk) : status;
}

/// One stage 1 over many records. False: at least one is bad, and which one is for the slow way to say.
bool validateTogether(
    AccrueJSONParser &parser, const uint8_t *bytes, const AccrueByteRange *records, size_t count, uint32_t maxDepth) {
    StructuralIndex &index = parser.index;
    const uint8_t *base = bytes + records[0].start;
    const size_t length = records[count - 1].end - records[0].start;
    if (index.scan(base, length).code != ACCRUE_JSON_OK) return false;
    auto walk = index.walk(base, length);
    NoVisitor nobody;
    for (size_t record = 0; record < count; record++) {
        const size_t start = records[record].start - records[0].start;
        const size_t end = records[record].end - records[0].start;
        walk.skipTo(start);
        const size_t first = walk.nextPosition();
        if (first < start || first >= end || base[first] != '{') return false;
        // Escapes are no part of a shape. So few tokens cannot nest deeper than half their number.
        const bool hasShape = walk.backslash >= base + end && maxDepth >= ShapeTable::tokenBound / 2;
        const size_t tokenCount = hasShape ? parser.shapes.read(walk, end) : 0;
        if (tokenCount > 0 && parser.shapes.isSound(walk)) {
            walk.next += tokenCount;
            continue;
        }
        if (walk.document(nobody, maxDepth).code != ACCRUE_JSON_OK) return false;
        // A record that lacks its end may have borrowed from the next one.
        if (walk.next[-1] >= end || walk.nextPosition() < end) return false;
        if (tokenCount > 0) parser.shapes.add();
    }
    return walk.atEnd();
}

// Big enough to amortise the call, small enough that text and structurals stay in the second-level cache.
constexpr size_t groupBytes = 32 << 10;

/// Lists tokens down to a level.
class TokenVisitor {
public:
    TokenVisitor(const uint8_t *text, AccrueJSONToken *tokens, size_t capacity, uint32_t maxLevel)
        : text(text), tokens(tokens), capacity(capacity), maxLevel(maxLevel) {}

    size_t count = 0;

    bool wantsKey() const { return level <= maxLevel; }
    bool wantsValue() const { return level <= maxLevel; }
    void key(const uint8_t *start, const uint8_t *end, bool escaped) {
        add(ACCRUE_JSON_TOKEN_KEY, start, end, escaped);
    }
    void scalar(uint32_t kind, const uint8_t *start, const uint8_t *end, bool escaped) {
        add(kind, start, end, escaped);
    }
    void open(uint32_t kind, const uint8_t *start) {
        if (level <= maxLevel) {
            opened[level] = count;
            add(kind, start, start, false);
        }
        level++;
    }
    void close(const uint8_t *bracket) {
        level--;
        if (level > maxLevel) return;
        if (opened[level] < capacity) tokens[opened[level]].end = uint32_t(bracket + 1 - text);
        add(ACCRUE_JSON_TOKEN_END, bracket, bracket + 1, false);
    }
    int32_t failure() const { return ACCRUE_JSON_OK; }

private:
    const uint8_t *text;
    AccrueJSONToken *tokens;
    size_t capacity;
    uint32_t maxLevel;
    uint32_t level = 0;
    size_t opened[depthBound + 1];

    void add(uint32_t kind, const uint8_t *start, const uint8_t *end, bool escaped) {
        if (count < capacity) tokens[count] = {kind, escaped, uint32_t(start - text), uint32_t(end - text)};
        count++;
    }
};

}  // namespace

AccrueJSONParser *accrue_json_parser_new(void) { return new (std::nothrow) AccrueJSONParser; }

void accrue_json_parser_free(AccrueJSONParser *parser) { delete parser; }

AccrueJSONStatus accrue_json_validate(
    AccrueJSONParser *parser, const uint8_t *bytes, size_t length, uint32_t maxDepth, int mustBeObject) {
    return validateOne(parser->index, bytes, length, maxDepth, mustBeObject != 0);
}

size_t accrue_json_validate_records(
    AccrueJSONParser *parser, const uint8_t *bytes, const AccrueByteRange *records, size_t count, uint32_t maxDepth,
    AccrueJSONStatus *statuses) {
    size_t badCount = 0;
    for (size_t first = 0; first < count;) {
        size_t last = first + 1;
        while (last < count && records[last].end - records[first].start <= groupBytes) last++;
        const bool areSound = validateTogether(*parser, bytes, records + first, last - first, maxDepth);
        for (size_t record = first; record < last; record++) {
            if (areSound) {
                statuses[record] = {ACCRUE_JSON_OK, 0};
                continue;
            }
            const auto [start, end] = records[record];
            statuses[record] = validateOne(parser->index, bytes + start, end - start, maxDepth, true);
            if (statuses[record].code != ACCRUE_JSON_OK) badCount++;
        }
        first = last;
    }
    return badCount;
}

int accrue_utf8_is_valid(const uint8_t *bytes, size_t length) {
    return simdjson::validate_utf8(reinterpret_cast<const char *>(bytes), length);
}

AccrueJSONStatus accrue_json_tokens(
    AccrueJSONParser *parser, const uint8_t *bytes, size_t length, uint32_t maxDepth, uint32_t maxLevel,
    AccrueJSONToken *tokens, size_t tokenCapacity, size_t *tokenCount) {
    *tokenCount = 0;
    auto status = parser->index.scan(bytes, length);
    if (status.code != ACCRUE_JSON_OK) return status;
    auto walk = parser->index.walk(bytes, length);
    TokenVisitor visitor(bytes, tokens, tokenCapacity, maxLevel < depthBound ? maxLevel : depthBound);
    status = walk.document(visitor, maxDepth);
    *tokenCount = visitor.count;
    if (status.code != ACCRUE_JSON_OK) return status;
    status = trailingStatus(walk);
    if (status.code == ACCRUE_JSON_OK && visitor.count > tokenCapacity) return {ACCRUE_JSON_NO_ROOM, 0};
    return status;
}

size_t accrue_json_unescape(const uint8_t *text, size_t length, uint8_t *out, size_t *replaced) {
    return size_t(unescape(text, text + length, out, *replaced) - out);
}
