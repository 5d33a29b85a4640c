import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { ImageChoice } from '../../src/core/recipe/recipe';
import { parseImageSize } from '../state/dataSettings';
import { omit } from '../state/omit';
import {
  AUTOMATIC,
  change,
  choiceRow,
  textRow,
  type DataForm,
  type Refusal,
} from './dataSettingRows';

/** How pictures become arrays; none for data without pictures. */
export function pictureRows(form: DataForm): TemplateResult | typeof nothing {
  if (form.view.kind !== 'images' && form.data.image === undefined) return nothing;
  return html`${sizeRow(form)} ${resizeRow(form)} ${channelsRow(form)}`;
}

function changeImage<K extends keyof ImageChoice>(
  form: DataForm,
  key: K,
  value: ImageChoice[K] | undefined,
): Refusal {
  const { image = {} } = form.data;
  const changed = value === undefined ? omit(image, key) : { ...image, [key]: value };
  return change(form, 'image', Object.keys(changed).length === 0 ? undefined : changed);
}

function sizeRow(form: DataForm): TemplateResult {
  return textRow(form, {
    field: 'data.size',
    label: l10n.t('Picture size'),
    text: form.data.image?.size?.join('×') ?? '',
    placeholder: l10n.t('The model’s'),
    accept: (text) => {
      if (text.trim() === '') return changeImage(form, 'size', undefined);
      const size = parseImageSize(text);
      if (size === null) return { error: l10n.t('Height×width in whole numbers, as in 28×28') };
      return changeImage(form, 'size', size);
    },
  });
}

function resizeRow(form: DataForm): TemplateResult {
  return choiceRow(form, {
    id: 'data-resize',
    label: l10n.t('Resize'),
    value: form.data.image?.resize ?? 'stretch',
    options: [
      { value: 'stretch', label: l10n.t('Stretch') },
      { value: 'crop', label: l10n.t('Cut out the middle') },
    ],
    set: (value) => changeImage(form, 'resize', value === 'crop' ? 'crop' : undefined),
  });
}

function channelsRow(form: DataForm): TemplateResult {
  const labels = {
    grey: l10n.t('Grey'),
    rgb: l10n.t('Colour'),
    rgba: l10n.t('Colour and alpha'),
  } as const;
  const channels = ['grey', 'rgb', 'rgba'] as const;
  return choiceRow(form, {
    id: 'data-channels',
    label: l10n.t('Channels'),
    value: form.data.image?.channels ?? AUTOMATIC,
    options: [
      { value: AUTOMATIC, label: l10n.t('The model’s') },
      ...channels.map((value) => ({ value, label: labels[value] })),
    ],
    set: (value) => {
      const chosen = channels.find((one) => one === value);
      changeImage(form, 'channels', chosen);
    },
  });
}
