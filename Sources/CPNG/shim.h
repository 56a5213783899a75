#ifndef CPNG_SHIM_H
#define CPNG_SHIM_H

#include <png.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// libpng reports errors by longjmp, which must never cross a Swift frame. Each function below therefore sets its own
// jump target and returns 0, or -1 with the reason in `error`. The state is one allocation with one owner.

typedef struct mtag_png {
  png_structp png;
  png_infop info;
  int is_reader;
  // Written so far, or the file that is read: bytes, their count, the room there is, the place of the next read.
  uint8_t *bytes;
  size_t count, capacity, position;
  // Of the file that is read.
  uint32_t width, height;
  int depth, color, interlace;
  char error[160];
} mtag_png;

static inline void mtag_png_on_error(png_structp png, png_const_charp message) {
  mtag_png *state = (mtag_png *)png_get_error_ptr(png);
  strncpy(state->error, message, sizeof state->error - 1);
  png_longjmp(png, 1);
}

static inline void mtag_png_on_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static inline void mtag_png_append(png_structp png, png_bytep data, size_t length) {
  mtag_png *state = (mtag_png *)png_get_io_ptr(png);
  if (state->capacity - state->count < length) {
    size_t capacity = 2 * state->capacity + length + 65536;
    uint8_t *larger = (uint8_t *)realloc(state->bytes, capacity);
    if (larger == NULL) png_error(png, "out of memory");
    state->bytes = larger;
    state->capacity = capacity;
  }
  memcpy(state->bytes + state->count, data, length);
  state->count += length;
}

static inline void mtag_png_flush(png_structp png) { (void)png; }

static inline void mtag_png_take(png_structp png, png_bytep data, size_t length) {
  mtag_png *state = (mtag_png *)png_get_io_ptr(png);
  if (state->count - state->position < length) png_error(png, "the file ends too early");
  memcpy(data, state->bytes + state->position, length);
  state->position += length;
}

static inline void mtag_png_free(mtag_png *state) {
  if (state == NULL) return;
  if (state->is_reader) {
    png_destroy_read_struct(&state->png, &state->info, NULL);
  } else {
    png_destroy_write_struct(&state->png, &state->info);
  }
  free(state->bytes);
  free(state);
}

static inline mtag_png *mtag_png_make(int is_reader) {
  mtag_png *state = (mtag_png *)calloc(1, sizeof(mtag_png));
  if (state == NULL) return NULL;
  state->is_reader = is_reader;
  state->png = is_reader ? png_create_read_struct(PNG_LIBPNG_VER_STRING, state, mtag_png_on_error, mtag_png_on_warning)
                         : png_create_write_struct(PNG_LIBPNG_VER_STRING, state, mtag_png_on_error, mtag_png_on_warning);
  if (state->png != NULL) state->info = png_create_info_struct(state->png);
  if (state->info == NULL) {
    mtag_png_free(state);
    return NULL;
  }
  // libpng's own limit is a million columns: three and a half hours of frames.
  png_set_user_limits(state->png, 0x7fffffff, 0x7fffffff);
  return state;
}

// MARK: Writing: make, header, text…, rows…, end; then bytes[0..<count] is the file.

static inline mtag_png *mtag_png_writer(void) { return mtag_png_make(0); }

// Colour is 8-bit RGB, grey is 16 bit.
static inline int mtag_png_header(mtag_png *state, uint32_t width, uint32_t height, int is_color) {
  if (setjmp(png_jmpbuf(state->png))) return -1;
  png_set_write_fn(state->png, state, mtag_png_append, mtag_png_flush);
  png_set_IHDR(state->png, state->info, width, height, is_color ? 8 : 16,
               is_color ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (is_color) png_set_sRGB(state->png, state->info, PNG_sRGB_INTENT_PERCEPTUAL);
  return 0;
}

// Pixels per metre, both ways.
static inline int mtag_png_density(mtag_png *state, uint32_t density) {
  if (setjmp(png_jmpbuf(state->png))) return -1;
  png_set_pHYs(state->png, state->info, density, density, PNG_RESOLUTION_METER);
  return 0;
}

// No differences between neighbours: pictures of few colours, which repeat, are smaller without.
static inline int mtag_png_no_filter(mtag_png *state) {
  if (setjmp(png_jmpbuf(state->png))) return -1;
  png_set_filter(state->png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  return 0;
}

// The value is UTF-8 in an iTXt chunk, or Latin-1 in a tEXt chunk; libpng copies both.
static inline int mtag_png_text(mtag_png *state, const char *key, const char *value, int is_utf8) {
  png_text text;
  memset(&text, 0, sizeof text);
  text.compression = is_utf8 ? PNG_ITXT_COMPRESSION_NONE : PNG_TEXT_COMPRESSION_NONE;
  text.key = (char *)key;
  text.text = (char *)value;
  if (is_utf8) {
    text.itxt_length = strlen(value);
  } else {
    text.text_length = strlen(value);
  }
  if (setjmp(png_jmpbuf(state->png))) return -1;
  png_set_text(state->png, state->info, &text, 1);
  return 0;
}

static inline int mtag_png_begin_rows(mtag_png *state) {
  if (setjmp(png_jmpbuf(state->png))) return -1;
  png_write_info(state->png, state->info);
  return 0;
}

static inline int mtag_png_write_row(mtag_png *state, const uint8_t *row) {
  if (setjmp(png_jmpbuf(state->png))) return -1;
  png_write_row(state->png, row);
  return 0;
}

static inline int mtag_png_end_writing(mtag_png *state) {
  if (setjmp(png_jmpbuf(state->png))) return -1;
  png_write_end(state->png, NULL);
  return 0;
}

// MARK: Reading: make (copies the file), header, rows…, end; then the texts are complete.

static inline mtag_png *mtag_png_reader(const uint8_t *bytes, size_t count) {
  mtag_png *state = mtag_png_make(1);
  if (state == NULL) return NULL;
  state->bytes = (uint8_t *)malloc(count > 0 ? count : 1);
  if (state->bytes == NULL) {
    mtag_png_free(state);
    return NULL;
  }
  memcpy(state->bytes, bytes, count);
  state->count = state->capacity = count;
  return state;
}

static inline int mtag_png_read_header(mtag_png *state) {
  if (setjmp(png_jmpbuf(state->png))) return -1;
  png_set_read_fn(state->png, state, mtag_png_take);
  png_read_info(state->png, state->info);
  state->width = png_get_image_width(state->png, state->info);
  state->height = png_get_image_height(state->png, state->info);
  state->depth = png_get_bit_depth(state->png, state->info);
  state->color = png_get_color_type(state->png, state->info);
  state->interlace = png_get_interlace_type(state->png, state->info);
  return 0;
}

static inline int mtag_png_read_row(mtag_png *state, uint8_t *row) {
  if (setjmp(png_jmpbuf(state->png))) return -1;
  png_read_row(state->png, row, NULL);
  return 0;
}

static inline int mtag_png_end_reading(mtag_png *state) {
  if (setjmp(png_jmpbuf(state->png))) return -1;
  png_read_end(state->png, state->info);
  return 0;
}

static inline int mtag_png_text_count(mtag_png *state) {
  png_textp texts = NULL;
  int count = 0;
  png_get_text(state->png, state->info, &texts, &count);
  return count;
}

// Key and value of one text; the value's length is in bytes, and it is UTF-8 in iTXt chunks, else Latin-1.
static inline const char *mtag_png_text_at(mtag_png *state, int index, const char **value, size_t *length,
                                           int *is_utf8) {
  png_textp texts = NULL;
  int count = 0;
  png_get_text(state->png, state->info, &texts, &count);
  if (index < 0 || index >= count) return NULL;
  *is_utf8 = texts[index].compression >= PNG_ITXT_COMPRESSION_NONE;
  *length = *is_utf8 ? texts[index].itxt_length : texts[index].text_length;
  *value = texts[index].text;
  return texts[index].key;
}

#endif
