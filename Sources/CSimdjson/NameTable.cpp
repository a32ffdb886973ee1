#include "NameTable.hpp"

#include <cstring>
#include <utility>

namespace accrue {

namespace {

/// `*` is any run of bytes, the empty one too.
bool wildcardMatches(std::string_view pattern, std::string_view name) {
    size_t p = 0, n = 0, star = std::string_view::npos, mark = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = n;
        } else if (p < pattern.size() && pattern[p] == name[n]) {
            p++;
            n++;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            n = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') p++;
    return p == pattern.size();
}

constexpr size_t edgeBytesBound = 8 << 20;
constexpr size_t edgeCountBound = 1 << 16;

}  // namespace

NameTable::NameTable(
    const uint8_t *names, const uint32_t *lengths, size_t exactCount, size_t patternCount, bool wantsAll)
    : wantsAll(wantsAll) {
    const auto *text = reinterpret_cast<const char *>(names);
    for (size_t index = 0; index < exactCount + patternCount; index++) {
        (index < exactCount ? exactNames : patterns).emplace_back(text, lengths[index]);
        text += lengths[index];
    }
    seed();
}

void NameTable::seed() {
    salt = reinterpret_cast<uintptr_t>(this) * 0x9E3779B97F4A7C15u;  // differs from run to run where addresses do
    nodes.assign(2, NodeState{{0, 0}, noName, dead, true});
    nodes[root].isElementKnown = false;
    nodesByName.assign(64, dead);
    edges.assign(256, Edge{0, dead, dead, {0, 0}});
    for (const std::string &exact : exactNames) {
        const std::string_view name = exact;
        Node node = find(name);
        if (node == dead) node = insert(name);
        nodes[node].nameID = uint32_t(nodeOfName.size());
        nodeOfName.push_back(node);
        // Every place where the name could go on is a container that must be entered.
        for (size_t at = 0; at < name.size(); at++) {
            if (name[at] != '.' && name.substr(at, 2) != "{}") continue;
            const auto prefix = name.substr(0, at);
            if (find(prefix) != dead) continue;
            const Node container = insert(prefix);
            if (wantsAll || matchesPattern(prefix)) nodes[container].nameID = wantedName;
        }
    }
}

void NameTable::forgetNames() {
    NameTable fresh;
    fresh.wantsAll = wantsAll;
    fresh.patterns = patterns;
    fresh.exactNames = exactNames;
    fresh.seed();
    *this = std::move(fresh);
}

uint64_t NameTable::hash(Node parent, std::string_view text) const {
    uint64_t state = salt ^ (uint64_t(parent) << 32 | text.size());
    const char *at = text.data();
    size_t left = text.size();
    while (left > 0) {
        uint64_t word = 0;
        const size_t width = left < 8 ? left : 8;
        memcpy(&word, at, width);
        state = (state ^ word) * 0xD6E8FEB86659FD93u;
        state ^= state >> 32;
        at += width;
        left -= width;
    }
    return state;
}

NameTable::Slice NameTable::store(std::string_view text) {
    const auto offset = uint32_t(bytes.size());
    bytes.insert(bytes.end(), text.begin(), text.end());
    return {offset, uint32_t(text.size())};
}

NameTable::Node NameTable::find(std::string_view name) const {
    const size_t mask = nodesByName.size() - 1;
    for (size_t slot = hash(root, name) & mask;; slot = (slot + 1) & mask) {
        const Node node = nodesByName[slot];
        if (node == dead || text(nodes[node].name) == name) return node;
    }
}

NameTable::Node NameTable::insert(std::string_view name) {
    const Node node = Node(nodes.size());
    nodes.push_back({store(name), noName, dead, false});
    if (nodes.size() * 2 > nodesByName.size()) {
        nodesByName.assign(nodesByName.size() * 2, dead);
        for (Node known = root + 1; known < node; known++) {
            const size_t mask = nodesByName.size() - 1;
            size_t slot = hash(root, text(nodes[known].name)) & mask;
            while (nodesByName[slot] != dead) slot = (slot + 1) & mask;
            nodesByName[slot] = known;
        }
    }
    const size_t mask = nodesByName.size() - 1;
    size_t slot = hash(root, name) & mask;
    while (nodesByName[slot] != dead) slot = (slot + 1) & mask;
    nodesByName[slot] = node;
    return node;
}

bool NameTable::matchesPattern(std::string_view name) const {
    for (const auto &pattern : patterns) {
        if (wildcardMatches(pattern, name)) return true;
    }
    return false;
}

/// Whether the pattern may match a longer name that goes on from this one; errs on the side of yes.
bool NameTable::mayLeadToPattern(std::string_view name) const {
    for (const auto &pattern : patterns) {
        const auto literal = pattern.substr(0, pattern.find('*'));
        if (literal.size() <= name.size()) {
            if (name.substr(0, literal.size()) == literal) return true;
        } else if (literal.substr(0, name.size()) == name) {
            const char following = literal[name.size()];
            if (following == '.' || following == '{') return true;
        }
    }
    return false;
}

NameTable::Node NameTable::resolve(Node parent, std::string_view separator, std::string_view key) {
    const auto prefix = text(nodes[parent].name);
    // Once a record is lost there is no sense in putting together the rest of its names.
    if (overflowed || prefix.size() + separator.size() + key.size() > ACCRUE_JSON_NAME_LENGTH) {
        overflowed = overflowed || wantsAll || !patterns.empty();
        return dead;
    }
    scratch.clear();
    scratch.insert(scratch.end(), prefix.begin(), prefix.end());
    scratch.insert(scratch.end(), separator.begin(), separator.end());
    scratch.insert(scratch.end(), key.begin(), key.end());
    const std::string_view name(reinterpret_cast<const char *>(scratch.data()), scratch.size());
    const Node known = find(name);
    if (known != dead) return known;
    const bool isWanted = wantsAll || matchesPattern(name);
    if (!isWanted && !mayLeadToPattern(name)) return dead;
    if (bytes.size() + name.size() > ACCRUE_JSON_NAME_BYTES) {
        overflowed = true;
        return dead;
    }
    const Node node = insert(name);
    if (isWanted) nodes[node].nameID = wantedName;
    return node;
}

NameTable::Node NameTable::member(Node parent, std::string_view key) {
    const uint64_t code = hash(parent, key);
    const size_t mask = edges.size() - 1;
    for (size_t slot = code & mask;; slot = (slot + 1) & mask) {
        const Edge &edge = edges[slot];
        if (edge.parent == dead) break;
        if (edge.hash == code && edge.parent == parent && text(edge.key) == key) return edge.child;
    }
    const Node child = resolve(parent, parent == root ? "" : ".", key);
    if (edgeCount < edgeCountBound && bytes.size() + key.size() < edgeBytesBound) addEdge(code, parent, key, child);
    return child;
}

void NameTable::addEdge(uint64_t code, Node parent, std::string_view key, Node child) {
    if (++edgeCount * 2 > edges.size()) {
        std::vector<Edge> old(edges.size() * 2, Edge{0, dead, dead, {0, 0}});
        old.swap(edges);
        const size_t mask = edges.size() - 1;
        for (const Edge &edge : old) {
            if (edge.parent == dead) continue;
            size_t slot = edge.hash & mask;
            while (edges[slot].parent != dead) slot = (slot + 1) & mask;
            edges[slot] = edge;
        }
    }
    const size_t mask = edges.size() - 1;
    size_t slot = code & mask;
    while (edges[slot].parent != dead) slot = (slot + 1) & mask;
    edges[slot] = {code, parent, child, store(key)};
}

NameTable::Node NameTable::element(Node parent) {
    if (!nodes[parent].isElementKnown) {
        const Node child = resolve(parent, "{}", "");
        if (overflowed) return dead;
        nodes[parent].element = child;
        nodes[parent].isElementKnown = true;
    }
    return nodes[parent].element;
}

bool NameTable::wants(Node node, uint32_t &nameID) {
    uint32_t &known = nodes[node].nameID;
    // Splunk has no field without a name; what it does with the key "" is unknown.
    if (known == noName || nodes[node].name.length == 0) return false;
    if (known == wantedName) {
        known = uint32_t(nodeOfName.size());
        nodeOfName.push_back(node);
    }
    nameID = known;
    return true;
}

bool NameTable::takeOverflow() {
    const bool was = overflowed;
    overflowed = false;
    return was;
}

}  // namespace accrue
