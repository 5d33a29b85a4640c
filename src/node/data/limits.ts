/**
 * A csv is kept in memory as one float64 a cell, and parsing it takes about a second for 20 MB. Larger data
 * belongs in an npz, whose stored arrays are read batch by batch whatever their size.
 */
export const MAX_CSV_BYTES = 1024 ** 3;

/** A record longer than this is taken for a quote that was never closed. */
export const MAX_CSV_RECORD_BYTES = 4 * 1024 ** 2;

/** Rows of a csv that are looked at to tell its columns when it is only described. */
export const DESCRIBED_CSV_ROWS = 2000;

/** Labels are kept in memory as float64. */
export const MAX_LABELS = 2 ** 27;

/** Rows of an npz array are looked through in pieces of about this many elements. */
export const SCAN_ELEMENTS = 2 ** 20;

/** Rows chosen one by one are kept as 32-bit numbers: half a gigabyte. */
export const MAX_CHOSEN_ROWS = 2 ** 27;

/** A file that can only be read forwards is kept in memory, as float32 or float64, to be shuffled. */
export const MAX_SHUFFLED_ELEMENTS = 2 ** 28;

/** Deflate cannot do better than this: RFC 1951's shortest code for its longest match. */
export const MAX_DEFLATE_RATIO = 1032;

/** File names and comments in the head of a gzip file; real ones have some dozen bytes. */
export const MAX_GZIP_HEAD_BYTES = 64 * 1024;

/** A line of JSON is parsed in one piece; a picture of 512 x 512 as numbers takes about 4 MB. */
export const MAX_JSON_LINE_BYTES = 32 * 1024 ** 2;

/** Where each line begins is remembered in eight bytes. */
export const MAX_JSON_LINES = 2 ** 26;

/** Different words in one column of labels; a number of classes beyond it is a mistake. */
export const MAX_WORDS = 2 ** 20;

/** A picture file is read in one piece; photographs of 100 megapixels stay below it. */
export const MAX_IMAGE_FILE_BYTES = 256 * 1024 ** 2;

/** A decoded picture takes up to eight bytes a pixel; what a phone takes has 50 to 200 megapixels. */
export const MAX_IMAGE_PIXELS = 2 ** 28;

/** Paths of pictures are kept in memory, some 200 bytes each; ImageNet has 1.3 million. */
export const MAX_IMAGE_FILES = 5_000_000;

/** Folders inside a class's folder. */
export const MAX_FOLDER_DEPTH = 16;

/** The index at a Parquet file's end is read in one piece; it has some hundred bytes a column and group. */
export const MAX_PARQUET_INDEX_BYTES = 64 * 1024 ** 2;

/** One column of one row group is decoded in memory; writers aim at 128 MB for all columns together. */
export const MAX_PARQUET_CHUNK_BYTES = 1024 ** 3;

/** Values of one column of one row group, levels of nested lists counted in: 8 bytes and more each. */
export const MAX_PARQUET_CHUNK_VALUES = 2 ** 26;
