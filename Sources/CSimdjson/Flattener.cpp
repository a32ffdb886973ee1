// One record to (name, value) leaves, named as Splunk's KV_MODE=json names them.
#include <cstring>
#include <new>
#include <vector>

#include "NameTable.hpp"
#include "StructuralIndex.hpp"

using namespace accrue;

struct AccrueJSONFlattener {
    StructuralIndex index;
    NameTable names;
    std::vector<uint8_t> keyBuffer;
};

namespace {

class LeafVisitor {
public:
    LeafVisitor(AccrueJSONFlattener &flattener, AccrueJSONLeaf *leaves, size_t capacity, uint8_t *arena)
        : names(flattener.names), keyBuffer(flattener.keyBuffer), leaves(leaves), capacity(capacity), arena(arena) {}

    size_t count = 0;
    size_t arenaCount = 0;
    size_t replaced = 0;

    bool wantsKey() const { return containers[depth] != NameTable::dead; }
    bool wantsValue() const { return node != NameTable::dead; }

    void key(const uint8_t *start, const uint8_t *end, bool escaped) {
        std::string_view key(reinterpret_cast<const char *>(start), size_t(end - start));
        if (escaped) {
            keyBuffer.resize(key.size());
            const auto *written = unescape(start, end, keyBuffer.data(), replaced);
            key = {reinterpret_cast<const char *>(keyBuffer.data()), size_t(written - keyBuffer.data())};
        }
        node = names.member(containers[depth], key);
    }

    void scalar(uint32_t kind, const uint8_t *start, const uint8_t *end, bool escaped) {
        uint32_t nameID;
        if (!names.wants(node, nameID)) return;
        if (count == capacity) {
            isFull = true;
            return;
        }
        uint8_t *out = arena + arenaCount;
        size_t length = size_t(end - start);
        if (escaped) {
            length = size_t(unescape(start, end, out, replaced) - out);
        } else {
            memcpy(out, start, length);
        }
        leaves[count++] = {nameID, uint32_t(arenaCount), uint32_t(length), kind};
        arenaCount += length;
    }

    void open(uint32_t kind, const uint8_t *) {
        const bool isArray = kind == ACCRUE_JSON_TOKEN_ARRAY;
        depth++;
        arrays[depth] = isArray;
        if (isArray && node != NameTable::dead) node = names.element(node);
        containers[depth] = node;
    }

    void close(const uint8_t *) {
        depth--;
        node = arrays[depth] ? containers[depth] : NameTable::dead;
    }

    int32_t failure() {
        if (names.takeOverflow()) return ACCRUE_JSON_TOO_MANY_NAMES;
        return isFull ? ACCRUE_JSON_NO_ROOM : ACCRUE_JSON_OK;
    }

private:
    NameTable &names;
    std::vector<uint8_t> &keyBuffer;
    AccrueJSONLeaf *leaves;
    size_t capacity;
    uint8_t *arena;
    bool isFull = false;
    uint32_t depth = 0;
    NameTable::Node node = NameTable::root;
    NameTable::Node containers[depthBound + 1] = {NameTable::dead};
    bool arrays[depthBound + 1] = {false};
};

AccrueJSONStatus flatten(
    AccrueJSONFlattener &flattener, const uint8_t *bytes, size_t length, uint32_t maxDepth, LeafVisitor &visitor) {
    auto status = flattener.index.scan(bytes, length);
    if (status.code != ACCRUE_JSON_OK) return status;
    auto walk = flattener.index.walk(bytes, length);
    status = walk.document(visitor, maxDepth);
    flattener.names.takeOverflow();
    if (status.code != ACCRUE_JSON_OK) return status;
    if (!walk.atEnd()) return {ACCRUE_JSON_TRAILING, walk.nextPosition()};
    return status;
}

}  // namespace

AccrueJSONFlattener *accrue_json_flattener_new(
    const uint8_t *names, const uint32_t *lengths, size_t exactCount, size_t patternCount, int wantsAll) {
    try {
        return new AccrueJSONFlattener{{}, NameTable(names, lengths, exactCount, patternCount, wantsAll != 0), {}};
    } catch (const std::bad_alloc &) {
        return nullptr;
    }
}

void accrue_json_flattener_free(AccrueJSONFlattener *flattener) { delete flattener; }

AccrueJSONStatus accrue_json_flatten(
    AccrueJSONFlattener *flattener, const uint8_t *bytes, size_t length, uint32_t maxDepth, AccrueJSONLeaf *leaves,
    size_t leafCapacity, size_t *leafCount, uint8_t *arena, size_t *arenaCount, size_t *replaced) {
    LeafVisitor visitor(*flattener, leaves, leafCapacity, arena);
    AccrueJSONStatus status;
    try {
        status = flatten(*flattener, bytes, length, maxDepth, visitor);
    } catch (const std::bad_alloc &) {
        status = {ACCRUE_JSON_NO_MEMORY, 0};
    }
    *leafCount = visitor.count;
    *arenaCount = visitor.arenaCount;
    *replaced = visitor.replaced;
    return status;
}

size_t accrue_json_flattener_name_count(const AccrueJSONFlattener *flattener) { return flattener->names.nameCount(); }

const uint8_t *accrue_json_flattener_name(const AccrueJSONFlattener *flattener, size_t nameID, size_t *length) {
    const auto name = flattener->names.name(nameID);
    *length = name.size();
    return reinterpret_cast<const uint8_t *>(name.data());
}

void accrue_json_flattener_forget_names(AccrueJSONFlattener *flattener) {
    try {
        flattener->names.forgetNames();
    } catch (const std::bad_alloc &) {
        // Names that were not forgotten keep their ids; the bound on their bytes still holds.
    }
}

size_t accrue_json_flattener_name_bytes(const AccrueJSONFlattener *flattener) {
    return flattener->names.nameBytes();
}
