import path from 'node:path';
import { unattended } from '../../core/progress';
import type { DataNote, DataView } from '../../protocol/views';
import type { DescribeContext } from './describeTable';
import { folderPictures, labelsOfFolder } from './images/imageData';
import { listImageFolder } from './images/imageFolder';
import { imageRows } from './images/imageRows';
import type { ModelTraits } from './modelTraits';

/** What torchvision's and Keras' models of ImageNet mostly learnt with, on pixels of 0 to 1. */
const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** ImageNet's models take pictures from this size on. */
const IMAGENET_SIDE = 96;

/** What a folder of pictures holds: how many, of which classes, and what becomes of their size. */
export async function describeImages(
  folder: string,
  { traits, guessLoss }: DescribeContext,
): Promise<DataView> {
  const listed = await listImageFolder(folder, undefined, unattended);
  const pictures = folderPictures(listed.root, listed.files);
  const rows = await imageRows(pictures, {}, traits.inputs[0]);
  const own = await imageRows(pictures, {}, undefined);
  const [labels] = labelsOfFolder(listed);
  const loss = labels === undefined ? null : await guessLoss(labels, traits);
  const rowCount = listed.files.length;
  const selfScaling = traits.inputs[0]?.scalesItself === true;
  const split = path.relative(folder, listed.root);
  return {
    path: folder,
    name: path.basename(folder),
    kind: 'images',
    arrays: [
      { name: rows.name, shape: [rowCount, ...own.sampleShape], dtype: rows.dtype },
      ...(labels === undefined ? [] : [{ name: 'class', shape: [rowCount], dtype: 'string' }]),
    ],
    rowCount,
    suggestion: {
      file: folder,
      ...(split === '' ? {} : { split }),
      ...(selfScaling ? {} : { scale: 1 / 255 }),
      ...(loss === null ? {} : { loss }),
    },
    notes: [
      ...(labels === undefined ? [{ kind: 'noLabels' } as const] : []),
      ...(labels === undefined ? [] : [{ kind: 'classes', names: listed.classNames } as const]),
      ...sizeNotes(own.sampleShape, rows.sampleShape),
      ...scaleNotes(rows.sampleShape, traits),
    ],
  };
}

function sizeNotes(from: readonly number[], to: readonly number[]): readonly DataNote[] {
  return from[0] === to[0] && from[1] === to[1] ? [] : [{ kind: 'resized', from, to }];
}

/** Mean and deviation are never set without being asked: nothing in the data tells them. */
function scaleNotes(shape: readonly number[], { inputs }: ModelTraits): readonly DataNote[] {
  if (inputs[0]?.scalesItself === true) return [{ kind: 'modelScales' }];
  const [height = 0, width = 0, channels] = shape;
  const isLarge = Math.min(height, width) >= IMAGENET_SIDE && channels === 3;
  return isLarge ? [{ kind: 'mayBeImageNet', ...IMAGENET }] : [];
}
