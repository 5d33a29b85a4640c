import type { Look, Scene } from './preview';

const WIDE = { width: 1280, height: 800, theme: 'dark' } as const;

function inspected(look: Look, fixture: string, tensor?: string): Scene {
  return async (studio, name) => {
    const { page } = await studio.inspect(look, studio.fixture(fixture));
    if (tensor !== undefined) await page.locator(`[data-tensor="${tensor}"]`).click();
    await studio.picture(page, name);
  };
}

function audited(look: Look, fixture: string): Scene {
  return async (studio, name) => {
    const { page, host } = await studio.visit(look, studio.fixture(fixture));
    await host.audit();
    await studio.picture(page, name);
  };
}

const LFS_POINTER: Scene = async (studio, name) => {
  const { page, host } = await studio.visit(WIDE, '/models/bert.onnx');
  await host.say({ type: 'reading', state: 'stopped', report: null });
  await host.say({
    type: 'failure',
    failure: {
      task: 'open',
      title: 'bert.onnx cannot be opened',
      detail: 'file, bert.onnx: found a Git LFS pointer: the file itself has not been fetched.',
      assurance: null,
      advice: {
        sentence: 'Fetch the file itself, in the folder of its repository:',
        command: 'git lfs pull',
      },
    },
  });
  await studio.picture(page, name);
};

const RESNET = 'safetensors/resnet.safetensors';
const CONV = 'conv1.weight';

/** Pictures of the inspector, by name. */
export const inspectorScenes: Readonly<Record<string, Scene>> = {
  'inspector-wide': inspected(WIDE, RESNET, CONV),
  'inspector-light': inspected({ ...WIDE, theme: 'light' }, RESNET, CONV),
  'inspector-hc': inspected({ ...WIDE, theme: 'hc' }, RESNET, CONV),
  'inspector-1600': inspected({ ...WIDE, width: 1600 }, 'safetensors/transformer.safetensors'),
  'inspector-932': inspected({ ...WIDE, width: 932 }, RESNET, CONV),
  'inspector-400': inspected({ ...WIDE, width: 400 }, RESNET),
  'inspector-320': inspected({ ...WIDE, width: 320 }, RESNET),
  'inspector-chinese': inspected({ ...WIDE, locale: 'zh-cn' }, 'tfjs/lenet5/model.json'),
  'inspector-edge': inspected(WIDE, 'safetensors/edge_dtypes.safetensors'),
  'inspector-nan': inspected(WIDE, 'corrupt/nan_inf.safetensors'),
  'inspector-audit': audited(WIDE, 'malicious/state_with_os_system.pt'),
  'inspector-audit-safe': audited({ ...WIDE, theme: 'light' }, 'pytorch/digits_mlp_checkpoint.pt'),
  'inspector-audit-420': audited({ ...WIDE, width: 420 }, 'malicious/dotted_torch_global.pkl'),
  'inspector-lfs': LFS_POINTER,
  'inspector-empty': inspected(WIDE, 'safetensors/edge_no_tensors.safetensors'),
};
