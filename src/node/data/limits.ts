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
