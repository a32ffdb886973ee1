// Records of one log repeat a few shapes: the sequence of first bytes of their tokens. One that was found sound needs no
// second walk over its grammar; of an equal one only numbers and literals are looked at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "StructuralWalk.hpp"

namespace accrue {

class ShapeTable {
public:
    /// Longer records are walked.
    static constexpr size_t tokenBound = 1024;

    /// Reads the shape of the record whose tokens start at `walk.next`, up to `end`; leaves the walk where it is.
    /// - Returns: the count of its tokens, 0 where there are none or too many.
    size_t read(const StructuralWalk &walk, size_t end);

    /// Whether the shape read last is known as sound and the record's numbers and literals are sound too. False tells
    /// nothing: the record must be walked.
    bool isSound(const StructuralWalk &walk) const;

    /// The shape read last is sound, as a walk from `start` has found.
    void add();

private:
    struct Shape {
        uint64_t hash;
        /// Into `bytes`, and into `scalars` the places of its numbers and literals.
        uint32_t start, count, scalarStart, scalarCount;
    };

    static constexpr size_t shapeBound = 2048;
    static constexpr size_t slotCount = 4096;

    std::vector<Shape> shapes;
    /// Numbers of shapes, 0 for none.
    std::vector<uint16_t> slots;
    std::vector<uint8_t> bytes;
    std::vector<uint16_t> scalars;

    /// Eight more than are read, so that hashing may read whole words.
    uint8_t current[tokenBound + 8];
    size_t currentCount = 0;
    uint64_t currentHash = 0;

    const Shape *known() const;
};

}  // namespace accrue
