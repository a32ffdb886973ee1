#include <maxminddb.h>
#include <string.h>

// The value at the end of `path` as text or number: MMDB_entry_data_s holds a union that Swift cannot read.

/// 1 and *text, *length where there is text; 0 where there is none; below 0 where the database is damaged.
static inline int accrue_mmdb_text(
    MMDB_entry_s *entry, const char *const *path, const char **text, uint32_t *length) {
    MMDB_entry_data_s data;
    int status = MMDB_aget_value(entry, &data, path);
    if (status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR || status == MMDB_INVALID_LOOKUP_PATH_ERROR) return 0;
    if (status != MMDB_SUCCESS) return -status;
    if (!data.has_data || data.type != MMDB_DATA_TYPE_UTF8_STRING) return 0;
    *text = data.utf8_string;
    *length = data.data_size;
    return 1;
}

/// Likewise for a number.
static inline int accrue_mmdb_number(MMDB_entry_s *entry, const char *const *path, double *number) {
    MMDB_entry_data_s data;
    int status = MMDB_aget_value(entry, &data, path);
    if (status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR || status == MMDB_INVALID_LOOKUP_PATH_ERROR) return 0;
    if (status != MMDB_SUCCESS) return -status;
    if (!data.has_data) return 0;
    switch (data.type) {
    case MMDB_DATA_TYPE_DOUBLE: *number = data.double_value; return 1;
    case MMDB_DATA_TYPE_FLOAT: *number = data.float_value; return 1;
    case MMDB_DATA_TYPE_UINT16: *number = data.uint16; return 1;
    case MMDB_DATA_TYPE_UINT32: *number = data.uint32; return 1;
    default: return 0;
    }
}
