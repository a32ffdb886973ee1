// simdjson's stage 1 behind a growing buffer.
#pragma once

#include <memory>
#include <simdjson.h>

#include "StructuralWalk.hpp"

namespace accrue {

class StructuralIndex {
public:
    /// Finds the structurals of the text; on failure says why, with the offset where it can be known.
    AccrueJSONStatus scan(const uint8_t *bytes, size_t length) {
        if (length >= UINT32_MAX - 64) return {ACCRUE_JSON_TOO_LARGE, 0};
        if (length == 0) return {ACCRUE_JSON_EMPTY, 0};
        if (!grow(length)) return {ACCRUE_JSON_NO_MEMORY, 0};
        const auto error = kernel->stage1(bytes, length, simdjson::stage1_mode::regular);
        switch (error) {
        case simdjson::SUCCESS: return {ACCRUE_JSON_OK, 0};
        case simdjson::EMPTY: return {ACCRUE_JSON_EMPTY, length};
        case simdjson::UTF8_ERROR: return {ACCRUE_JSON_BAD_UTF8, invalidUTF8Offset(bytes, length)};
        case simdjson::UNESCAPED_CHARS: return {ACCRUE_JSON_CONTROL_CHARACTER, controlCharacterOffset(bytes, length)};
        case simdjson::UNCLOSED_STRING: return {ACCRUE_JSON_UNCLOSED_STRING, length};
        case simdjson::MEMALLOC: return {ACCRUE_JSON_NO_MEMORY, 0};
        default: return {ACCRUE_JSON_SYNTAX, length};
        }
    }

    StructuralWalk walk(const uint8_t *bytes, size_t length) const {
        StructuralWalk walk(bytes, length, kernel->structural_indexes.get(), kernel->n_structural_indexes);
        walk.findBackslash(bytes);
        return walk;
    }

    /// Offset of the first byte that is not part of valid UTF-8; slow, for error messages.
    static size_t invalidUTF8Offset(const uint8_t *bytes, size_t length);

private:
    std::unique_ptr<simdjson::internal::dom_parser_implementation> kernel;

    bool grow(size_t length) {
        if (kernel && kernel->capacity() >= length) return true;
        const size_t capacity = length < 4096 ? 4096 : length + length / 4;
        if (!kernel) {
            return simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, kernel)
                == simdjson::SUCCESS;
        }
        return kernel->set_capacity(capacity) == simdjson::SUCCESS;
    }

    /// Offset of the first raw control character inside a string; slow, for error messages.
    static size_t controlCharacterOffset(const uint8_t *bytes, size_t length);
};

}  // namespace accrue
