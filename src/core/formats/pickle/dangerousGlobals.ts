/**
 * Packages whose functions run commands or code, load libraries or other pickles, or reach the network
 * and the file system; with everything below them: `os` is also `os.path`.
 */
export const DANGEROUS_PACKAGES: ReadonlySet<string> = new Set([
  // Commands and processes.
  ...[
    'os',
    'posix',
    'nt',
    'subprocess',
    '_posixsubprocess',
    'commands',
    'popen2',
    'pty',
    'pexpect',
  ],
  ...['multiprocessing', 'concurrent', 'asyncio', '_winapi', 'msvcrt', 'winreg', '_winreg'],
  ...['plumbum', 'paramiko', '_osx_support', '_aix_support', 'mailcap'],
  // Code.
  ...['sys', 'runpy', 'importlib', 'imp', 'pkgutil', 'zipimport', 'codeop', '_codeop', 'marshal'],
  ...['inspect', 'gc', 'pdb', 'bdb', 'cProfile', 'timeit', 'doctest', 'pydoc', 'unittest'],
  ...['test.support', 'idlelib', 'lib2to3', 'venv', 'ensurepip', 'pip', 'setuptools', 'distutils'],
  ...['IPython', 'ipykernel', 'pytest'],
  // Native code and memory.
  ...['ctypes', '_ctypes', 'cffi', 'mmap', 'faulthandler', 'fcntl', 'sqlite3'],
  // The network.
  ...['socket', '_socket', 'socketserver', 'ssl', 'http', 'httplib', 'urllib', 'urllib2', 'ftplib'],
  ...[
    'smtplib',
    'telnetlib',
    'poplib',
    'imaplib',
    'nntplib',
    'xmlrpc',
    'webbrowser',
    'antigravity',
  ],
  ...['requests', 'aiohttp', 'httpx', 'urllib3', 'wsgiref', 'nturl2path'],
  // The file system.
  ...['shutil', 'tempfile', 'fileinput', 'zipfile', 'tarfile', 'linecache', 'dbm', 'shelve'],
  ...['logging.config', 'logging.handlers'],
  // Pickles within pickles, and other loaders that run code.
  ...['pickle', '_pickle', 'cPickle', 'dill', 'cloudpickle'],
  ...['torch.hub', 'torch.package', 'torch.fx', 'torch.jit', 'torch.serialization', 'torch.ops'],
  ...['torch.utils.cpp_extension', 'torch._inductor', 'torch._dynamo', 'torch.distributed.rpc'],
  ...['torch.multiprocessing', 'torch.utils.bottleneck'],
  ...['numpy.testing', 'numpy.f2py', 'numpy.distutils', 'numpy.ctypeslib'],
]);

/** Modules as dangerous, whose names are also common for people's own packages: matched alone. */
export const DANGEROUS_MODULES: ReadonlySet<string> = new Set([
  ...['code', 'trace', 'profile', 'site', 'sh', 'invoke', 'resource', 'signal', 'cgi', 'test'],
]);

/** Single names, where the rest of their module is harmless or unknown. */
export const DANGEROUS_NAMES: Readonly<Record<string, ReadonlySet<string>>> = {
  builtins: new Set([
    ...['eval', 'exec', 'execfile', 'compile', 'open', 'file', '__import__', 'breakpoint', 'input'],
    ...['getattr', 'setattr', 'delattr', 'globals', 'locals', 'vars', 'map', 'filter', 'apply'],
    ...[
      'reduce',
      'raw_input',
      'help',
      'exit',
      'quit',
      'type',
      'super',
      '__build_class__',
      'memoryview',
    ],
  ]),
  operator: new Set(['attrgetter', 'methodcaller', '__call__', 'call']),
  _operator: new Set(['attrgetter', 'methodcaller', '__call__', 'call']),
  types: new Set([
    'CodeType',
    'FunctionType',
    'LambdaType',
    'MethodType',
    'ModuleType',
    'new_class',
  ]),
  _types: new Set(['CodeType', 'FunctionType', 'MethodType', 'ModuleType']),
  io: new Set(['open', 'open_code', 'FileIO']),
  _io: new Set(['open', 'open_code', 'FileIO']),
  pandas: new Set(['read_pickle', 'eval']),
  functools: new Set(['reduce', 'partialmethod', 'singledispatch']),
  _functools: new Set(['reduce']),
  itertools: new Set(['starmap', 'accumulate']),
  torch: new Set(['load', 'save', 'compile', 'classes', 'ops']),
  'torch.storage': new Set(['_load_from_bytes']),
  'torch._utils': new Set(['_import_dotted_name']),
  numpy: new Set(['load', 'save', 'savez', 'fromfile', 'memmap', 'loadtxt', 'genfromtxt']),
  joblib: new Set(['load', 'dump']),
  keras: new Set(['Lambda']),
  platform: new Set(['popen', '_syscmd_ver', '_syscmd_file', '_syscmd_uname']),
  uuid: new Set(['_get_command_stdout', '_popen']),
  threading: new Set(['Thread', 'Timer']),
  _thread: new Set(['start_new_thread', 'start_new']),
  thread: new Set(['start_new_thread', 'start_new']),
};
