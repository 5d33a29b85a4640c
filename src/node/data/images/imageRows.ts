import { UsageError } from '../../../core/errors';
import type { ImageChoice } from '../../../core/recipe/recipe';
import type { InputTraits } from '../modelTraits';
import type { RowSource } from '../rowSource';
import type { DecodedImage } from './decodeImage';
import { fitImage, type ImageTarget } from './fitImage';
import type { Pictures } from './pictures';

const CHANNEL_COUNTS = { grey: 1, rgb: 3, rgba: 4 } as const;

/**
 * Pictures as rows of numbers from 0 to 255: [height, width, channels], of the size and the channels that
 * the recipe says, else the model takes, else the first picture has.
 * @throws UsageError when the data has no picture; FormatError, UnsupportedError for a broken one.
 */
export async function imageRows(
  pictures: Pictures,
  choice: ImageChoice,
  input: InputTraits | undefined,
): Promise<RowSource> {
  const first = await firstOf(pictures);
  const target = targetOf(first, choice, input);
  const { height, width, channels } = target;
  const sized = choice.size !== undefined || knownSize(input) !== null;
  const elements = height * width * channels;
  return {
    name: pictures.name,
    dtype: 'uint8',
    layout: 'nhwc',
    rowCount: pictures.rowCount,
    sampleShape: [height, width, channels],
    forwardOnly: pictures.forwardOnly,
    async readRows(from, to) {
      const values = new Float32Array((to - from) * elements);
      await pictures.visit(from, to, (picture, row) => {
        if (!sized) assertSize(picture, target, pictures.placeOf(row));
        values.set(fitImage(picture, target), (row - from) * elements);
      });
      return values;
    },
  };
}

async function firstOf(pictures: Pictures): Promise<DecodedImage> {
  let first: DecodedImage | undefined;
  await pictures.visit(0, Math.min(1, pictures.rowCount), (picture) => {
    first = picture;
  });
  if (first !== undefined) return first;
  throw new UsageError(`${pictures.name}: found no picture; allowed: at least one`);
}

function targetOf(
  first: DecodedImage,
  choice: ImageChoice,
  input: InputTraits | undefined,
): ImageTarget {
  const known = knownSize(input);
  const [height, width] = choice.size ?? known?.size ?? [first.height, first.width];
  const channels =
    choice.channels === undefined
      ? (known?.channels ?? channelsOf(input, height * width) ?? ownChannels(first))
      : CHANNEL_COUNTS[choice.channels];
  const resize = choice.resize ?? 'stretch';
  return { height, width, channels, resize, antialias: choice.antialias ?? false };
}

interface KnownSize {
  readonly size: readonly [number, number];
  readonly channels: ImageTarget['channels'] | null;
}

/** What an input for pictures takes; null where it takes something else or its size is open. */
function knownSize(input: InputTraits | undefined): KnownSize | null {
  const sample = input?.shape.slice(1) ?? [];
  if (sample.length !== 2 && sample.length !== 3) return null;
  const first = sample.length === 3 && input?.format === 'channelsFirst';
  const [height = -1, width = -1] = first ? sample.slice(1) : sample;
  if (height < 1 || width < 1) return null;
  const channels = sample.length === 2 ? 1 : first ? sample[0] : sample[2];
  return { size: [height, width], channels: asChannels(channels) };
}

/** Of a model that takes pictures flat, or of open size. */
function channelsOf(
  input: InputTraits | undefined,
  pixels: number,
): ImageTarget['channels'] | null {
  const sample = input?.shape.slice(1) ?? [];
  if (sample.length === 3) {
    return asChannels(input?.format === 'channelsFirst' ? sample[0] : sample[2]);
  }
  return sample.length === 1 ? asChannels((sample[0] ?? 0) / pixels) : null;
}

function asChannels(count: number | undefined): ImageTarget['channels'] | null {
  return count === 1 || count === 3 || count === 4 ? count : null;
}

function ownChannels({ channels }: DecodedImage): ImageTarget['channels'] {
  return channels < 3 ? 1 : 3;
}

function assertSize(picture: DecodedImage, target: ImageTarget, place: string): void {
  const { height, width } = picture;
  if (height === target.height && width === target.width) return;
  throw new UsageError(
    `${place}: ${width} x ${height} pixels, but the first picture has ${target.width} x ${target.height} and the model takes any; allowed: pictures of one size, or a size for all`,
  );
}
