import { UTF8_FLAG } from './zipRecords';

/** The upper half of code page 437, which names without the UTF-8 flag are in: APPNOTE, appendix D. */
const CODE_PAGE_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const utf8 = new TextDecoder('utf-8');

/** A member's name by the flags of its central directory entry. It never fails. */
export function decodeMemberName(bytes: Uint8Array, flags: number): string {
  if ((flags & UTF8_FLAG) !== 0) return utf8.decode(bytes);
  let name = '';
  for (const byte of bytes) {
    name += byte < 0x80 ? String.fromCharCode(byte) : (CODE_PAGE_437[byte - 0x80] ?? '');
  }
  return name;
}
