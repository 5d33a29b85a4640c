const FOCUSABLE =
  'button, input, [tabindex="0"], vscode-button, vscode-checkbox, vscode-dropdown, vscode-text-field';

/**
 * Moves the focus to the next or previous area of the panel. False at either end: there the key is
 * the workbench's, which goes on to its own next part.
 */
export function focusNextArea(root: HTMLElement, step: 1 | -1): boolean {
  const areas = [...root.querySelectorAll<HTMLElement>('[data-area]')].filter(
    (area) => firstFocusable(area) !== undefined,
  );
  const current = areas.findIndex((area) => area.contains(document.activeElement));
  const next = current === -1 && step === -1 ? areas.length - 1 : current + step;
  const target = areas[next];
  if (target === undefined) return false;
  firstFocusable(target)?.focus();
  return true;
}

function firstFocusable(area: HTMLElement): HTMLElement | undefined {
  const preferred = area.querySelector<HTMLElement>('[data-area-focus]');
  const candidates = [...area.querySelectorAll<HTMLElement>(FOCUSABLE)];
  return [...(preferred === null ? [] : [preferred]), ...candidates].find(isFocusable);
}

function isFocusable(element: HTMLElement): boolean {
  // Not by the property: a toolkit element hands the focus on to its inside and has -1 there.
  const isTabStop = element.getAttribute('tabindex') !== '-1';
  return isTabStop && element.checkVisibility() && !element.hasAttribute('disabled');
}
