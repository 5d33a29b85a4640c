import { FormatError, SecateurError, UnsupportedError } from '../../core/errors';

/** Runtime messages carry a source position and a stack of the wasm module, of no use to users. */
const MAX_MESSAGE_CHARACTERS = 400;

/** Whether a call failed for want of memory: a smaller batch may succeed. */
export function outOfMemory(error: unknown): Error | null {
  const message = messageOf(error);
  return isOutOfMemory(message) ? new Error(`ONNX Runtime is out of memory: ${message}`) : null;
}

/**
 * What a failed session means: an operator without an implementation, memory that is full, or a graph that
 * breaks the format's rules. Anything thrown on purpose stays as it is.
 */
export function runtimeError(error: unknown, doing: string): SecateurError {
  if (error instanceof SecateurError) return error;
  const message = messageOf(error);
  const refuse = (supported: string): SecateurError =>
    new UnsupportedError({ feature: `ONNX Runtime ${doing}`, found: message, supported });
  if (isUnknownOperator(message)) return refuse('the operators that ONNX Runtime implements');
  if (isOutOfMemory(message)) {
    return refuse('networks whose weights and values fit into 4 GiB of WebAssembly');
  }
  if (isUnknownVersion(message)) return refuse('the versions of ONNX that ONNX Runtime knows');
  return new FormatError({
    format: 'onnx',
    place: `ONNX Runtime ${doing}`,
    found: message,
    allowed: 'a model and inputs that it accepts',
  });
}

function isUnknownOperator(message: string): boolean {
  return /could not find an implementation|is not a registered function|no op registered|not implemented/i.test(
    message,
  );
}

function isOutOfMemory(message: string): boolean {
  return /bad_alloc|out of memory|memory access out of bounds|cannot enlarge memory|failed to allocate|can't create a session/i.test(
    message,
  );
}

function isUnknownVersion(message: string): boolean {
  return /unsupported model ir version|opset \d+ is under development|only \*guarantees\* support/i.test(
    message,
  );
}

/** A WebAssembly that ran out of memory throws numbers: addresses of C++ exceptions. */
function messageOf(error: unknown): string {
  if (typeof error === 'number') return `bad_alloc or another exception (${error})`;
  const text = error instanceof Error ? error.message : String(error);
  const plain = text.replace(/^.*?ERROR_CODE: \d+, ERROR_MESSAGE: /s, '').replace(/\s+/g, ' ');
  return plain.length <= MAX_MESSAGE_CHARACTERS
    ? plain
    : `${plain.slice(0, MAX_MESSAGE_CHARACTERS)}…`;
}
