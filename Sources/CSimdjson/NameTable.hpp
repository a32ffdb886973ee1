// Field names as nodes of a graph: node = full name so far, edge = one more key.
//
// A node is found by its full name, not by the keys that led to it, because a key may hold dots itself: `{"a.b":1}`
// and `{"a":{"b":1}}` are the same field. Edges remember (node, key) -> node, so that a name is put together once and
// not once a record. Keys that cannot lead to a wanted name lead to the dead node, and their values are not looked at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "CSimdjson.h"

namespace accrue {

class NameTable {
public:
    using Node = uint32_t;
    static constexpr Node dead = 0;
    static constexpr Node root = 1;

    NameTable(const uint8_t *names, const uint32_t *lengths, size_t exactCount, size_t patternCount, bool wantsAll);

    /// The node of `key` (unescaped) inside the object at `parent`.
    Node member(Node parent, std::string_view key);
    /// The node of the elements of the array at `parent`: the name plus `{}`.
    Node element(Node parent);
    /// Whether a value at this node is wanted; gives the node its id.
    bool wants(Node node, uint32_t &nameID);

    size_t nameCount() const { return nodeOfName.size(); }
    std::string_view name(size_t nameID) const { return text(nodes[nodeOfName[nameID]].name); }
    size_t nameBytes() const { return bytes.size(); }
    /// A name found no room since the last call.
    bool takeOverflow();
    void forgetNames();

private:
    struct Slice {
        uint32_t offset;
        uint32_t length;
    };
    static constexpr uint32_t noName = UINT32_MAX;
    static constexpr uint32_t wantedName = UINT32_MAX - 1;  // wanted, id not given yet
    struct NodeState {
        Slice name;
        uint32_t nameID;
        Node element;  // 0 until asked for
        bool isElementKnown;
    };
    struct Edge {
        uint64_t hash;
        Node parent;  // 0 marks a free slot
        Node child;
        Slice key;
    };

    bool wantsAll = false;
    std::vector<std::string> patterns;
    std::vector<std::string> exactNames;
    // Names come from the input: without a salt they could be chosen to collide. Ids do not depend on it.
    uint64_t salt = 0;

    std::vector<uint8_t> bytes;
    std::vector<NodeState> nodes;
    std::vector<Node> nodeOfName;
    std::vector<Node> nodesByName;  // open addressing, 0 is free
    std::vector<Edge> edges;        // open addressing
    size_t edgeCount = 0;
    bool overflowed = false;
    std::vector<uint8_t> scratch;

    std::string_view text(Slice slice) const {
        return {reinterpret_cast<const char *>(bytes.data()) + slice.offset, slice.length};
    }
    NameTable() = default;
    uint64_t hash(Node parent, std::string_view text) const;
    Slice store(std::string_view text);
    Node find(std::string_view name) const;
    Node insert(std::string_view name);
    Node resolve(Node parent, std::string_view separator, std::string_view key);
    void addEdge(uint64_t hash, Node parent, std::string_view key, Node child);
    bool matchesPattern(std::string_view name) const;
    bool mayLeadToPattern(std::string_view name) const;
    void seed();
};

}  // namespace accrue
