// Writes down whose work is in the bundles, with the licences that ask to be passed on.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './install.mjs';

/**
 * Libraries inside .wasm files, whose packages do not carry their licences. From the build files:
 * WORKSPACE of tensorflow/tfjs, tag tfjs-v4.22.0; cmake/deps.txt of microsoft/onnxruntime, tag v1.30.0.
 */
const wasmLibraries = {
  '@jsquash/jpeg': [
    {
      // Its libjpeg asks that the group be named.
      name: 'mozjpeg, based in part on the work of the Independent JPEG Group',
      licence: 'BSD-3-Clause',
      holders: ['1991-2022 Thomas G. Lane, Guido Vollbeding', '2009-2022 D. R. Commander'],
    },
  ],
  '@tensorflow/tfjs-backend-wasm': [
    {
      name: 'XNNPACK',
      licence: 'BSD-3-Clause',
      holders: ['Facebook, Inc. and its affiliates', '2019 Google LLC'],
    },
    {
      name: 'pthreadpool',
      licence: 'BSD-2-Clause',
      holders: ['2017 Facebook Inc.', '2015-2017 Georgia Institute of Technology'],
    },
    {
      name: 'cpuinfo',
      licence: 'BSD-2-Clause',
      holders: [
        '2017 Facebook Inc.',
        '2012-2017 Georgia Institute of Technology',
        '2010-2012 Marat Dukhan',
      ],
    },
    {
      name: 'FP16',
      licence: 'MIT',
      holders: ['2017 Facebook Inc.', '2017 Georgia Institute of Technology'],
    },
    { name: 'FXdiv', licence: 'MIT', holders: ['2016 Marat Dukhan'] },
    {
      name: 'psimd',
      licence: 'MIT',
      holders: ['2017 Facebook Inc.', '2014-2017 Georgia Institute of Technology'],
    },
    { name: 'Emscripten', licence: 'MIT', holders: ['2010-2014 Emscripten authors'] },
    { name: 'musl', licence: 'MIT', holders: ['2005-2020 Rich Felker, et al.'] },
  ],
  'onnxruntime-web': [
    { name: 'ONNX', licence: 'Apache-2.0', holders: ['ONNX Project Contributors'] },
    { name: 'Abseil', licence: 'Apache-2.0', holders: ['The Abseil Authors'] },
    { name: 'FlatBuffers', licence: 'Apache-2.0', holders: ['Google Inc.'] },
    { name: 'Protocol Buffers', licence: 'BSD-3-Clause', holders: ['2008 Google Inc.'] },
    { name: 'RE2', licence: 'BSD-3-Clause', holders: ['2009 The RE2 Authors'] },
    { name: 'Eigen', licence: 'MPL-2.0', holders: ['The Eigen Authors'] },
    { name: 'Guidelines Support Library', licence: 'MIT', holders: ['2015 Microsoft Corporation'] },
    { name: 'SafeInt', licence: 'MIT', holders: ['2018 Microsoft'] },
    { name: 'JSON for Modern C++', licence: 'MIT', holders: ['2013-2022 Niels Lohmann'] },
    { name: 'date', licence: 'MIT', holders: ['2015-2021 Howard Hinnant and others'] },
    { name: 'utf8_range', licence: 'MIT', holders: ['2019 Yibo Cai', '2022 Google LLC'] },
    { name: 'Emscripten', licence: 'MIT', holders: ['2010-2014 Emscripten authors'] },
    { name: 'musl', licence: 'MIT', holders: ['2005-2020 Rich Felker, et al.'] },
  ],
};

/** Who holds the copyright where the package names only its maintainer. */
const holders = {
  'onnxruntime-common': 'Microsoft Corporation',
  'onnxruntime-web': 'Microsoft Corporation',
};

/**
 * Writes `target` from what esbuild really took in.
 * @param metafiles esbuild's metafiles of all bundles.
 * @throws Error when a package's licence text is neither in it nor known here.
 */
export function writeNotices(metafiles, target) {
  const packages = bundledPackages(metafiles).map(packageNotice);
  const libraries = Object.entries(wasmLibraries).flatMap(([name, inside]) =>
    inside.map((library) => libraryNotice(library, name)),
  );
  const header =
    'Secateur contains work of others, under the licences below. ' +
    'Its own licence is in the file LICENSE.\n';
  writeFileSync(target, [header, ...packages, ...libraries].join(`\n${'-'.repeat(80)}\n\n`));
}

/** Folders of the packages, relative to the project, in order. */
function bundledPackages(metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const folders = inputs.map((input) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

function packageNotice(folder) {
  const { name, version, license, author } = JSON.parse(read(folder, 'package.json'));
  const files = readdirSync(path.join(root, folder)).filter((file) =>
    /^(licen[cs]e|notices?|copying|copyrightnotice|thirdpartynotices?)(-\w+)?(\.(txt|md))?$/i.test(
      file,
    ),
  );
  const texts = files.map((file) => read(folder, file).trim());
  if (texts.length === 0)
    texts.push(knownText(name, license, holders[name] ?? author?.name ?? author));
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`;
}

function libraryNotice({ name, licence, holders }, packageName) {
  const copyright = holders.map((holder) => `Copyright (c) ${holder}`).join('\n');
  return `${name} (${licence}), inside ${packageName}\n\n${copyright}\n\n${licenceText(licence)}\n`;
}

/** For packages that name their licence without carrying its text. */
function knownText(name, license, author) {
  if (license === 'Apache-2.0') return licenceText(license);
  if (license === 'MIT' && author) return `Copyright (c) ${author}\n\n${licenceText('MIT')}`;
  throw new Error(`${name}: no text of its licence ${license}; add it to scripts/notices.mjs`);
}

function licenceText(licence) {
  if (licence === 'Apache-2.0') return 'Under the Apache License, Version 2.0, as in LICENSE.';
  if (licence === 'MPL-2.0') {
    return (
      'Under the Mozilla Public License 2.0, https://mozilla.org/MPL/2.0/. ' +
      'Its source is at https://gitlab.com/libeigen/eigen.'
    );
  }
  return read('scripts/licences', `${licence}.txt`).trim();
}

function read(...segments) {
  return readFileSync(path.join(root, ...segments), 'utf8');
}
