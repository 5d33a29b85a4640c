const NO_BREAK_SPACE = '\u00a0';

/** Numbers for people, as the user's language writes them; exact values belong into tooltips. */
export class NumberText {
  readonly #locale: string;

  /** @param locale a BCP 47 tag; an unknown one falls back to English */
  constructor(locale: string) {
    this.#locale = Intl.NumberFormat.supportedLocalesOf([locale])[0] ?? 'en';
  }

  /** `36,864` */
  integer(value: number): string {
    return value.toLocaleString(this.#locale, { maximumFractionDigits: 0 });
  }

  /** `176 k`, `12.3 M` */
  count(value: number): string {
    return this.#scaled(value, 1000, ['', 'k', 'M', 'G', 'T']);
  }

  /** `4.2 MB`, counted in 1,024 as VS Code does */
  bytes(value: number): string {
    return this.#scaled(value, 1024, ['B', 'KB', 'MB', 'GB', 'TB']);
  }

  /** `46.8 %` of a share from 0 to 1 */
  percent(share: number): string {
    return this.#withPercent(share, 1);
  }

  /** `78 %`, and `0.3 %` where whole percents would say too little */
  share(share: number): string {
    return share < 0.01 && share > 0 ? this.percent(share) : this.#withPercent(share, 0);
  }

  /** Four significant digits, with a true minus sign; `6.0e−4` where there are many zeros */
  decimal(value: number): string {
    const size = Math.abs(value);
    const plain =
      value === 0 || (size >= 1e-3 && size < 1e6)
        ? value.toLocaleString(this.#locale, { maximumSignificantDigits: 4 })
        : value.toExponential(2).replace('e+', 'e');
    return plain.replaceAll('-', '\u2212');
  }

  #withPercent(share: number, digits: number): string {
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return `${(share * 100).toLocaleString(this.#locale, options)}${NO_BREAK_SPACE}%`;
  }

  #scaled(value: number, step: number, units: readonly string[]): string {
    let scaled = value;
    let index = 0;
    while (scaled >= step && index < units.length - 1) {
      scaled /= step;
      index += 1;
    }
    const unit = units[index] ?? '';
    const digits = { maximumFractionDigits: index === 0 || scaled >= 100 ? 0 : 1 };
    const number = scaled.toLocaleString(this.#locale, digits);
    return unit === '' ? number : `${number}${NO_BREAK_SPACE}${unit}`;
  }
}

/** `64×64×3×3`; a scalar is `1`. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? '1' : shape.join('×');
}
