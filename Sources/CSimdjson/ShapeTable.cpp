#include "ShapeTable.hpp"

#include <cstring>

namespace accrue {

namespace {

/// By the first byte of a token: itself, and one for all numbers.
struct Kinds {
    uint8_t of[256];

    constexpr Kinds() : of() {
        for (int byte = 0; byte < 256; byte++) of[byte] = uint8_t(byte);
        for (int digit = '0'; digit <= '9'; digit++) of[digit] = '-';
    }
};

constexpr Kinds kinds;

bool isScalar(uint8_t kind) { return kind == '-' || kind == 't' || kind == 'f' || kind == 'n'; }

uint64_t hashed(const uint8_t *bytes, size_t count) {
    uint64_t state = count;
    for (size_t at = 0; at < count; at += 8) {
        uint64_t word;
        memcpy(&word, bytes + at, 8);
        state = (state ^ word) * 0xD6E8FEB86659FD93u;
        state ^= state >> 32;
    }
    return state;
}

}  // namespace

size_t ShapeTable::read(const StructuralWalk &walk, size_t end) {
    const uint32_t *token = walk.next;
    const uint32_t *last = size_t(walk.end - token) < tokenBound ? walk.end : token + tokenBound;
    uint8_t *kind = current;
    // Tokens ascend: where the eighth is inside, all are.
    for (; last - token >= 8 && token[7] < end; token += 8, kind += 8) {
        for (size_t index = 0; index < 8; index++) kind[index] = kinds.of[walk.text[token[index]]];
    }
    while (token < last && *token < end) *kind++ = kinds.of[walk.text[*token++]];
    currentCount = size_t(kind - current);
    if (currentCount == tokenBound) currentCount = 0;
    memset(current + currentCount, 0, 8);
    currentHash = hashed(current, currentCount);
    return currentCount;
}

const ShapeTable::Shape *ShapeTable::known() const {
    if (slots.empty()) return nullptr;
    for (size_t slot = currentHash % slotCount; slots[slot] != 0; slot = (slot + 1) % slotCount) {
        const Shape &shape = shapes[slots[slot] - 1];
        if (shape.hash == currentHash && shape.count == currentCount
            && memcmp(bytes.data() + shape.start, current, currentCount) == 0)
            return &shape;
    }
    return nullptr;
}

bool ShapeTable::isSound(const StructuralWalk &walk) const {
    const Shape *shape = known();
    if (!shape) return false;
    for (size_t index = 0; index < shape->scalarCount; index++) {
        const uint32_t *token = walk.next + scalars[shape->scalarStart + index];
        const uint8_t *start = walk.text + *token;
        // A scalar is never the last token of an object.
        const uint8_t *stop = walk.text + token[1];
        while (stop > start && isBlank(stop[-1])) stop--;
        if (!isScalarSound(start, stop)) return false;
    }
    return true;
}

void ShapeTable::add() {
    if (shapes.size() == shapeBound) return;
    if (slots.empty()) slots.assign(slotCount, 0);
    Shape shape{currentHash, uint32_t(bytes.size()), uint32_t(currentCount), uint32_t(scalars.size()), 0};
    bytes.insert(bytes.end(), current, current + currentCount);
    for (size_t index = 0; index < currentCount; index++) {
        if (isScalar(current[index])) scalars.push_back(uint16_t(index));
    }
    shape.scalarCount = uint32_t(scalars.size()) - shape.scalarStart;
    shapes.push_back(shape);
    size_t slot = currentHash % slotCount;
    while (slots[slot] != 0) slot = (slot + 1) % slotCount;
    slots[slot] = uint16_t(shapes.size());
}

}  // namespace accrue
