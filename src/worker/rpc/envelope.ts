import { ProgressType } from 'vscode-jsonrpc/node';

/** What really travels as the parameters of a request. */
export interface Envelope {
  readonly params: object;
  /** Under which progress of this request is sent back; null where nobody listens. */
  readonly progressToken: string | null;
}

/** Progress of any request; each client says of which type its own is. */
export const progressType = new ProgressType<unknown>();

/** The JSON-RPC code of every failure; the {@link FailureData} beside it says which. */
export const FAILURE_CODE = -32000;
