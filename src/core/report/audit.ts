/** How much a global or a call of a pickle should worry who loads the file with Python. */
export type GlobalVerdict =
  /** Builds arrays, storages, types and the like: what a file of weights needs. */
  | 'tensor-data'
  /** Dictionaries, sets and other plain containers. */
  | 'container'
  /** A class of a framework's layers: constructing it runs that framework's code, nothing of the file's choice. */
  | 'module-class'
  /** Anything that is not known: loading imports its module and runs its code. */
  | 'unknown'
  /** Known to run commands, evaluate code, load libraries or reach the network or the file system. */
  | 'dangerous';

/** A name that loading would import, once for each module and name. */
export interface AuditedGlobal {
  readonly module: string;
  readonly name: string;
  /** Where it first stands, counted from the start of {@link AuditedPickle.place}. */
  readonly byteOffset: number;
  readonly verdict: GlobalVerdict;
}

/** A call that loading would make. */
export interface AuditedCall {
  /** What is called, with its arguments in short: `posix.system("touch /tmp/x")`. */
  readonly whatRuns: string;
  readonly byteOffset: number;
  readonly verdict: GlobalVerdict;
}

/** One pickle stream of the file. */
export interface AuditedPickle {
  /** The member of the archive, or which of the file's pickles: `archive/data.pkl`, `pickle 4 at byte 118`. */
  readonly place: string;
  /** The protocol it declares; 0 for the text protocols, which declare none. */
  readonly protocol: number;
  readonly globals: readonly AuditedGlobal[];
  /** In the order in which they would run; at most `MAX_AUDITED_CALLS`. */
  readonly calls: readonly AuditedCall[];
  /** How many calls there are in all. */
  readonly callCount: number;
  /** Values that a program meets which walks through the result, where sharing makes them a bomb. */
  readonly unfoldsTo?: number;
  /** Why the pickle could not be followed to its end; what stands before is reported all the same. */
  readonly broken?: string;
}

export type AuditVerdict = 'safe' | 'suspicious' | 'dangerous';

/** What loading a file with Python would have imported and run. Nothing of it was executed. */
export interface AuditReport {
  /** The file's name. */
  readonly file: string;
  /** What the file is, in words: `PyTorch (zip)`, `PyTorch (legacy)`, `pickle`, `NumPy array`. */
  readonly format: string;
  readonly pickles: readonly AuditedPickle[];
  readonly verdict: AuditVerdict;
  /** The verdict in one sentence. */
  readonly reason: string;
}
