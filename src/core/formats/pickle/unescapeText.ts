const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** The text of a STRING line: quoted, with the escapes of Python's bytes. */
export function unquoteString(line: string): string {
  const quoted = /^(['"])(.*)\1\s*$/s.exec(line)?.[2] ?? line;
  return quoted.replace(
    /\\(?:x([0-9a-f]{2})|([0-7]{1,3})|(.))/gis,
    (whole, hex?: string, octal?: string, one?: string) => {
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff);
      return one === undefined ? whole : (SIMPLE[one] ?? whole);
    },
  );
}

/** The text of a UNICODE line, in Python's raw-unicode-escape. */
export function unescapeUnicode(line: string): string {
  return line.replace(
    /\\u([0-9a-f]{4})|\\U([0-9a-f]{8})/g,
    (whole, short?: string, long?: string) => {
      const code = parseInt(short ?? long ?? '', 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
