import assert from 'node:assert/strict';
import test from 'node:test';
import { panelHtml } from '../../../src/host/panel/panelHtml';

const page = {
  cspSource: 'https://host.example',
  scriptAddress: 'https://host.example/panel.js',
  styleAddress: 'https://host.example/styles.css',
  nonce: 'abc123',
  title: 'Prune <b>"a"</b>',
  bootstrap: { path: '/w/"><script>alert(1)</script>.npz', l10n: null, locale: 'en' },
};

test('the policy allows nothing unsafe and no address but our own', () => {
  const policy = /content="(?<policy>default-src[^"]*)"/u.exec(panelHtml(page))?.groups?.['policy'];
  assert.equal(
    policy?.replaceAll('&#39;', "'"),
    "default-src 'none'; style-src https://host.example 'nonce-abc123'; script-src 'nonce-abc123'; img-src https://host.example data:; font-src https://host.example",
  );
});

test('nothing of a file name becomes markup', () => {
  const html = panelHtml(page);
  assert.ok(!html.includes('<script>alert'));
  assert.ok(!html.includes('<b>'));
  assert.equal(html.split('<script').length, 2);
});

test('the bootstrap comes back from its attribute as it went in', () => {
  const attribute =
    /data-bootstrap="(?<json>[^"]*)"/u.exec(panelHtml(page))?.groups?.['json'] ?? '';
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  const json = attribute.replace(
    /&(amp|lt|gt|quot|#39);/gu,
    (_all, name: string) => entities[name]!,
  );
  assert.deepEqual(JSON.parse(json), page.bootstrap);
});
