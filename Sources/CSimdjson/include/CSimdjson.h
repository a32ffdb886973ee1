// Flat C interface to what Accrue needs of JSON: check, flatten, list tokens, unescape.
//
// simdjson finds the structural characters (its stage 1: SIMD, picks the CPU's best kernel at run time, checks UTF-8
// and string boundaries); the grammar walk behind it is ours (StructuralWalk.hpp), because simdjson's own second
// stage parses numbers into doubles, and Splunk's field values are numbers exactly as written.
//
// Contract of every function: reads bytes[0..<length] and nothing behind (no padding needed); throws nothing across
// this border; one handle serves one thread at a time; length is below 4 GiB (else ACCRUE_JSON_TOO_LARGE).
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    ACCRUE_JSON_OK = 0,
    ACCRUE_JSON_EMPTY = 1,              // nothing but blanks
    ACCRUE_JSON_TRUNCATED = 2,          // ends inside a value
    ACCRUE_JSON_SYNTAX = 3,             // a character that cannot stand there
    ACCRUE_JSON_BAD_NUMBER = 4,
    ACCRUE_JSON_BAD_LITERAL = 5,        // neither true, false nor null
    ACCRUE_JSON_BAD_ESCAPE = 6,
    ACCRUE_JSON_UNCLOSED_STRING = 7,
    ACCRUE_JSON_CONTROL_CHARACTER = 8,  // raw byte below 0x20 inside a string
    ACCRUE_JSON_BAD_UTF8 = 9,
    ACCRUE_JSON_TOO_DEEP = 10,
    ACCRUE_JSON_TRAILING = 11,          // something follows the value
    ACCRUE_JSON_NOT_OBJECT = 12,
    ACCRUE_JSON_TOO_LARGE = 13,
    ACCRUE_JSON_NO_MEMORY = 14,
    ACCRUE_JSON_NO_ROOM = 15,           // the caller's arrays are too small: grow them and call again
    ACCRUE_JSON_TOO_MANY_NAMES = 16,    // field names beyond the two bounds below
};

// Bounds on the bytes of all distinct field names one flattener remembers, and of one such name: a few keys deep in
// long paths would otherwise make gigabytes of names.
#define ACCRUE_JSON_NAME_BYTES ((size_t)32 << 20)
#define ACCRUE_JSON_NAME_LENGTH ((size_t)8 << 10)

typedef struct {
    int32_t code;
    size_t offset;  // byte of the error; length of the text where no better place is known
} AccrueJSONStatus;

// --- checking ---------------------------------------------------------------------------------------------------

typedef struct AccrueJSONParser AccrueJSONParser;

AccrueJSONParser *accrue_json_parser_new(void);  // NULL without memory
void accrue_json_parser_free(AccrueJSONParser *parser);

// Is the text exactly one JSON value (an object, if asked for)?
AccrueJSONStatus accrue_json_validate(
    AccrueJSONParser *parser, const uint8_t *bytes, size_t length, uint32_t maxDepth, int mustBeObject);

typedef struct {
    size_t start;
    size_t end;
} AccrueByteRange;

// Are the records, ascending ranges of `bytes`, each exactly one JSON object? What lies between them is not looked at.
// Fills statuses[0..<count] (offsets from the start of each record) and returns how many are not.
size_t accrue_json_validate_records(
    AccrueJSONParser *parser, const uint8_t *bytes, const AccrueByteRange *records, size_t count, uint32_t maxDepth,
    AccrueJSONStatus *statuses);

int accrue_utf8_is_valid(const uint8_t *bytes, size_t length);

// --- tokens -----------------------------------------------------------------------------------------------------

enum {
    ACCRUE_JSON_TOKEN_OBJECT = 1,  // followed by its members; start..<end is its source text
    ACCRUE_JSON_TOKEN_ARRAY = 2,
    ACCRUE_JSON_TOKEN_END = 3,     // of the innermost open object or array
    ACCRUE_JSON_TOKEN_KEY = 4,     // text between the quotes, still escaped
    ACCRUE_JSON_TOKEN_STRING = 5,  // likewise
    ACCRUE_JSON_TOKEN_NUMBER = 6,  // as written
    ACCRUE_JSON_TOKEN_TRUE = 7,
    ACCRUE_JSON_TOKEN_FALSE = 8,
    ACCRUE_JSON_TOKEN_NULL = 9,
};

typedef struct {
    uint32_t kind : 8;
    uint32_t hasEscapes : 1;  // keys and strings: a backslash occurs
    uint32_t start;
    uint32_t end;
} AccrueJSONToken;

// Checks the whole text and lists its tokens; what lies deeper than maxLevel containers is checked but not listed
// (its container is one token, with its END). *tokenCount is what was, or would be, needed.
AccrueJSONStatus accrue_json_tokens(
    AccrueJSONParser *parser, const uint8_t *bytes, size_t length, uint32_t maxDepth, uint32_t maxLevel,
    AccrueJSONToken *tokens, size_t tokenCapacity, size_t *tokenCount);

// Decodes the escapes of a string that a function above has checked; `out` has room for `length` bytes.
// \u0000 and lone surrogates become U+FFFD and are counted in *replaced. Returns the bytes written.
size_t accrue_json_unescape(const uint8_t *text, size_t length, uint8_t *out, size_t *replaced);

// --- flattening -------------------------------------------------------------------------------------------------

typedef struct AccrueJSONFlattener AccrueJSONFlattener;

typedef struct {
    uint32_t nameID;
    uint32_t offset;  // into the arena
    uint32_t length;
    uint32_t kind;    // ACCRUE_JSON_TOKEN_STRING ... _NULL
} AccrueJSONLeaf;

// `names` holds exactCount wanted names, then patternCount patterns with `*`, one after the other, of `lengths` bytes.
// The exact names get the ids 0..<exactCount in the order given.
AccrueJSONFlattener *accrue_json_flattener_new(
    const uint8_t *names, const uint32_t *lengths, size_t exactCount, size_t patternCount, int wantsAll);
void accrue_json_flattener_free(AccrueJSONFlattener *flattener);

// Checks the whole text and writes its wanted leaves in document order. The arena needs room for `length` bytes.
// *replaced counts code points that became U+FFFD. On an error nothing of the record is to be used.
AccrueJSONStatus accrue_json_flatten(
    AccrueJSONFlattener *flattener, const uint8_t *bytes, size_t length, uint32_t maxDepth, AccrueJSONLeaf *leaves,
    size_t leafCapacity, size_t *leafCount, uint8_t *arena, size_t *arenaCount, size_t *replaced);

size_t accrue_json_flattener_name_count(const AccrueJSONFlattener *flattener);
// The name's bytes, valid until the next call with this flattener.
const uint8_t *accrue_json_flattener_name(const AccrueJSONFlattener *flattener, size_t nameID, size_t *length);
// Forgets all names but the exact ones, whose ids stay.
void accrue_json_flattener_forget_names(AccrueJSONFlattener *flattener);
size_t accrue_json_flattener_name_bytes(const AccrueJSONFlattener *flattener);

#ifdef __cplusplus
}
#endif
