/* An empty data library for ICU, as ICU itself has it for programs that bring none ("stub data").

   Foundation's Unicode library carries 34 MB about languages, calendars and time zones. It is in the program because
   the SQLite library uses the whole of Foundation; corpusd formats and compares nothing by a language's rules, so that
   nothing ever asks for the data. What would, gets "no such resource". link-static says the symbol's name. */
#include <stdint.h>

const struct {
    /* The header that every piece of ICU's data begins with. */
    uint16_t header_size;
    uint8_t magic[2];
    struct {
        uint16_t size, reserved;
        uint8_t big_endian, charset, character_size, reserved_byte;
        uint8_t format[4], format_version[4], data_version[4];
    } info;
    uint8_t padding[8];
    /* A table of contents without an entry. */
    uint32_t entries, reserved;
    uint64_t names[2];
} ICU_DATA __attribute__((aligned(16))) = {
    .header_size = 32,
    .magic = {0xda, 0x27},
    .info = {
        .size = 20,
        .big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__,
        .character_size = 2,
        .format = {'T', 'o', 'C', 'P'},
        .format_version = {1},
    },
};
